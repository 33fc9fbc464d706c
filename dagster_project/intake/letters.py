"""Characters that cannot be seen: white space, and characters without width."""

# Marks of writing direction are not included. In or around a key they are not typing
# mistakes, so staging puts such a line into quarantine.
WHITE_SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    "\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
INVISIBLE = "\xad\u180e\u200b\u200c\u200d\u2060\ufeff"
EDGES = WHITE_SPACE + INVISIBLE
