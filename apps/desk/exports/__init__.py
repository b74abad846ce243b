"""A timeline in other forms than a page: feeds for programs, files for people, a frame for other sites.

Each takes entries that came through the gate already, and says no more of them than their own page does.
"""
