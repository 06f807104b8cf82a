package io.natsjob.log;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;

/** How a line is laid out: text for people or one JSON object. Both end with a newline and hold no other raw one but a stack's. */
enum LineFormat {
    /** {@code 2026-01-02 03:04:05.678+08:00 INFO  name  message key=value key="with blank"}; a stack follows on own lines. */
    TEXT {
        @Override
        String layout(String time, LogLine line) {
            StringBuilder out = new StringBuilder(160).append(time).append(' ');
            out.append(line.level()).repeat(' ', 6 - line.level().name().length());
            Escape.text(line.logger(), out);
            out.append("  ");
            Escape.text(line.message(), out);
            for (LogLine.Field field : line.fields()) {
                out.append(' ');
                Escape.text(field.key(), out);
                out.append('=');
                Escape.value(field.value(), out);
            }
            if (line.error() != null) {
                out.append(" error=");
                Escape.value(Causes.line(line.error()), out);
                if (line.level() == Level.ERROR) {
                    Causes.stack(line.error()).forEach(frame -> Escape.text(frame, out.append("\n    ")));
                }
            }
            return out.append('\n').toString();
        }
    },

    /** One object: {@code level, ts, msg, logger}, the key values, {@code error} and {@code stack} where something was thrown. */
    JSON {
        @Override
        String layout(String time, LogLine line) {
            StringBuilder out = new StringBuilder(200).append("{\"level\":");
            Escape.json(line.level().name().toLowerCase(Locale.ROOT), out);
            member("ts", time, out);
            member("msg", line.message(), out);
            member("logger", line.logger(), out);
            for (LogLine.Field field : line.fields()) {
                // A key of ours must not appear twice in an object.
                String key = OWN_KEYS.contains(field.key()) ? field.key() + "_" : field.key();
                if (field.literal()) {
                    Escape.json(key, out.append(','));
                    out.append(':').append(field.value());
                } else {
                    member(key, field.value(), out);
                }
            }
            if (line.error() != null) {
                member("error", Causes.line(line.error()), out);
                if (line.level() == Level.ERROR) {
                    member("stack", String.join("\n", Causes.stack(line.error())), out);
                }
            }
            return out.append("}\n").toString();
        }
    };

    private static final Set<String> OWN_KEYS = Set.of("level", "ts", "msg", "logger", "error", "stack");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSXXX", Locale.ROOT);

    abstract String layout(String time, LogLine line);

    /** The whole line with its newline; {@code millis} is its wall time in epoch milliseconds. */
    String line(long millis, ZoneId zone, LogLine line) {
        return layout(TIME.format(Instant.ofEpochMilli(millis).atZone(zone)), line);
    }

    private static void member(String key, String value, StringBuilder out) {
        Escape.json(key, out.append(','));
        Escape.json(value, out.append(':'));
    }
}
