package io.natsjob.log;

import java.util.ArrayList;
import java.util.List;

/** A throwable in words: at most 8 causes, and 24 frames of each, which is where the reason stands. */
final class Causes {
    private static final int CAUSES_MAX = 8;
    private static final int FRAMES_MAX = 24;

    private Causes() {}

    /** Class and message of the throwable and of its causes, on one line. */
    static String line(Throwable error) {
        StringBuilder out = new StringBuilder();
        for (Throwable cause : chain(error)) {
            out.append(out.isEmpty() ? "" : "; caused by ").append(name(cause));
        }
        return Fields.cut(out.toString());
    }

    /** The frames, innermost first, with a line before each cause. */
    static List<String> stack(Throwable error) {
        List<String> lines = new ArrayList<>();
        for (Throwable cause : chain(error)) {
            if (!lines.isEmpty()) {
                lines.add("caused by " + Fields.cut(name(cause)));
            }
            StackTraceElement[] frames = cause.getStackTrace();
            for (int i = 0; i < Math.min(frames.length, FRAMES_MAX); i++) {
                lines.add("at " + frames[i]);
            }
            if (frames.length > FRAMES_MAX) {
                lines.add("... " + (frames.length - FRAMES_MAX) + " more");
            }
        }
        return lines;
    }

    private static List<Throwable> chain(Throwable error) {
        List<Throwable> chain = new ArrayList<>();
        for (Throwable cause = error; cause != null && chain.size() < CAUSES_MAX; cause = cause.getCause()) {
            chain.add(cause);
        }
        return chain;
    }

    private static String name(Throwable cause) {
        String message;
        try {
            message = cause.getMessage();
        } catch (RuntimeException e) {
            // A class of somebody else; the log must survive it.
            message = "(no message: " + e.getClass().getName() + ")";
        }
        return message == null ? cause.getClass().getName() : cause.getClass().getName() + ": " + message;
    }
}
