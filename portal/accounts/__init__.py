"""Accounts: signing in with or without a second factor, sessions that end, the record of sign-ins, and leaving with one's data.

A sponsor needs no account; it is the place where own programs are listed. A curator's pages need one that is marked as staff.
"""
