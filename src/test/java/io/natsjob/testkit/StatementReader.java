package io.natsjob.testkit;

import java.io.IOException;
import java.io.InputStream;

/** Takes apart what a client of a database sends. For one connection, whose first message it must see, and one thread. */
interface StatementReader {
    /** The next message, whole; empty at the end of the stream. */
    byte[] next(InputStream in) throws IOException;

    /** The text of the statement that this message runs, or null. */
    String statement(byte[] message);

    /** A message that runs a statement, together with those that it takes to have it answered. */
    byte[] whole(byte[] message, InputStream in) throws IOException;
}
