"""The demo: a true campaign, a fictional one, and people to sign in as. Written by the rooms' own actions."""
