package io.natsjob.log;

import java.time.InstantSource;
import java.time.ZoneId;

/** Before the log is set up and after it is closed: text on stderr, from info on. Waits for stderr. */
final class StderrSink implements Log.Sink {
    private final InstantSource wall = InstantSource.system();

    @Override
    public boolean accepts(Level level) {
        return level != Level.DEBUG;
    }

    @Override
    public void write(LogLine line) {
        System.err.print(LineFormat.TEXT.line(wall.millis(), ZoneId.systemDefault(), line));
    }
}
