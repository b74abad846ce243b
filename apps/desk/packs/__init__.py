"""Press packs between the gate and the room that keeps them: what of a pack may be told, and in what words.

`saying` alone asks evidence and legislation what they make of an entry; `gathering` reads a pack's entries
through the gate; `standing` reads a version that was kept through the gate again.
"""
