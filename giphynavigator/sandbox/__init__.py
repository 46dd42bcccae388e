"""A stand-in Giphy that answers like the real one, and fails like it on demand.

Read it in this order:

- application: puts the sandbox together and runs it
- gif_api, word_api: the endpoints of the API, each a function
- api_request, envelopes: what such a function is given, and what it returns
- search_results: which gifs a search finds
- ids, made_up_gifs: an id says all there is to know of a gif
- gif_object, renditions: a gif as Giphy's JSON
- media, pictures: the files that this JSON points to, drawn when somebody looks
- own_media: the same files at the address of the service
- control: how to break it and to see what it was asked, over HTTP
- faults, misbehaviour: in how many ways it breaks, and how it does

Nothing is stored and nothing is by chance: ids, totals and pictures follow from
the words that are asked for, today and in every process.
"""
