"""SessionContainer: the sessions that the handlers begin and end."""

from dependency_injector import containers, providers

from giphynavigator.security.sessions import Sessions


class SessionContainer(containers.DeclarativeContainer):
    """Needs, which are all that it offers."""

    sessions = providers.Dependency(instance_of=Sessions)
