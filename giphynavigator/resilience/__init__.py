"""Few calls, and answers that go on: what stands between a search and Giphy.

Each module is one worry and knows nothing of the others' users. Time, chance and
waiting come in through constructors; what happens is told to a `Recorder`.
"""
