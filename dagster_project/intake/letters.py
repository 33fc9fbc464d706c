"""Letters that nobody sees: white space of every alphabet, and letters of no width."""

# Marks of direction are not among them: inside or around a key they are no accident of
# a keyboard, and hold the line.
WHITE_SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    "\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
INVISIBLE = "\xad\u180e\u200b\u200c\u200d\u2060\ufeff"
EDGES = WHITE_SPACE + INVISIBLE
