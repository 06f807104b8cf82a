package io.natsjob.log;

import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * Brings what libraries say through {@code java.util.logging} into our log: WARNING and SEVERE become warnings, the rest is
 * dropped, so nothing of it sprays on stderr in another format.
 */
final class JulBridge extends Handler {
    private final Logger root = LogManager.getLogManager().getLogger("");
    private final Handler[] before = root.getHandlers();
    private final java.util.logging.Level levelBefore = root.getLevel();
    private final SimpleFormatter formatter = new SimpleFormatter();

    private JulBridge() {}

    static JulBridge install() {
        JulBridge bridge = new JulBridge();
        for (Handler handler : bridge.before) {
            bridge.root.removeHandler(handler);
        }
        bridge.root.setLevel(java.util.logging.Level.WARNING);
        bridge.root.addHandler(bridge);
        return bridge;
    }

    /** Puts the handlers back that were there. */
    void remove() {
        root.removeHandler(this);
        root.setLevel(levelBefore);
        for (Handler handler : before) {
            root.addHandler(handler);
        }
    }

    @Override
    public void publish(LogRecord entry) {
        if (entry.getLevel().intValue() < java.util.logging.Level.WARNING.intValue()) {
            return;
        }
        Log log = Log.of(String.valueOf(entry.getLoggerName()));
        if (entry.getThrown() == null) {
            log.warn(formatter.formatMessage(entry));
        } else {
            log.warn(formatter.formatMessage(entry), entry.getThrown());
        }
    }

    @Override
    public void flush() {
        // Nothing is kept here.
    }

    @Override
    public void close() {
        // Nothing is held here; the log itself is closed by its owner.
    }
}
