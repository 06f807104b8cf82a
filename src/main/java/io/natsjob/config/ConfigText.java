package io.natsjob.config;

import java.util.List;

/** The settings as text for people: the table of {@code --help} and the listing of {@code check-config}. */
public final class ConfigText {
    private static final int NAME_WIDTH = Setting.NAMES.stream().mapToInt(String::length).max().orElse(0);

    private ConfigText() {}

    /** Every setting with its default, meaning and form; lines end with a newline. */
    public static String help() {
        int width = Setting.ALL.stream().mapToInt(setting -> setting.defaultText().length()).max().orElse(0);
        StringBuilder text = new StringBuilder();
        for (Setting<?> setting : Setting.ALL) {
            text.append("  ").append(padded(setting.name(), NAME_WIDTH)).append("  ").append(padded(setting.defaultText(), width));
            text.append("  ").append(setting.meaning()).append('\n');
            text.append(" ".repeat(NAME_WIDTH + width + 6)).append("form: ").append(setting.words()).append('\n');
        }
        return text.toString();
    }

    /** Every value without its secrets, with its source, then the zone and the warnings; lines end with a newline. */
    public static String listing(ConfigDraft draft) {
        int width = Setting.ALL.stream().mapToInt(setting -> draft.shown(setting).length()).max().orElse(0);
        StringBuilder text = new StringBuilder();
        for (Setting<?> setting : Setting.ALL) {
            row(text, setting.name(), draft.shown(setting), width, draft.source(setting));
        }
        row(text, "TZ", draft.zone().getId(), width, draft.zoneSource());
        List<String> warnings = draft.warnings();
        warnings.forEach(warning -> text.append("warning: ").append(warning).append('\n'));
        return text.toString();
    }

    private static void row(StringBuilder text, String name, String value, int width, String source) {
        text.append(padded(name, NAME_WIDTH)).append("  ").append(padded(value, width)).append("  ").append(source).append('\n');
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
