"""Real pictures, small and large."""

import random
from io import BytesIO

from PIL import Image

BLOCK = 256


def gif(size: int = 0) -> bytes:
    """A GIF that really is one, with a comment that makes it about so long."""
    file = BytesIO()
    frames = [Image.new("P", (40, 30), colour) for colour in (1, 2)]
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
    picture = file.getvalue()
    noise, blocks = random.Random(size), (size - len(picture)) // BLOCK
    comment = b"".join(b"\xff" + noise.randbytes(BLOCK - 1) for _ in range(blocks))
    return picture[:-1] + b"!\xfe" + comment + b"\x00;"
