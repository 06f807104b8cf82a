package io.natsjob.config;

import java.util.List;
import java.util.Optional;

/**
 * One setting: its name in environment, command line and files, its default, what it means and the form of its text.
 * The constants are the only table of settings; help, {@code check-config}, the first {@code conf/config.yaml} and the
 * documentation follow it.
 *
 * @param name the same in every source
 * @param defaultText the text that counts where none is given; empty for none
 * @param meaning one line for people
 * @param form the form of the text
 * @param <T> type of the value
 */
public record Setting<T>(String name, String defaultText, String meaning, Form<T> form) {
    static final Setting<String> LOG_ENV = new Setting<>("NATSJOB_LOG_ENV", "console",
            "form of the log: text for people, or one JSON object a line", Form.oneOf("console", "json"));
    static final Setting<String> LOG_LEVEL = new Setting<>("NATSJOB_LOG_LEVEL", "info",
            "lines below this level are not logged", Form.oneOf("debug", "info", "warn", "error"));
    static final Setting<NatsOptions> NATS_URL = new Setting<>("NATSJOB_NATS_URL", "nats://127.0.0.1:4222",
            "where NATS is, and the login for it", NatsUrl.form());
    static final Setting<Secret> SECRET_KEY = new Setting<>("NATSJOB_SECRET_KEY", "",
            "key that signs login tokens; without one it is made at random and kept in the database",
            Form.secret("text of at least 32 bytes", 4_096));
    static final Setting<Integer> HTTP_PORT = new Setting<>("NATSJOB_HTTP_PORT", "7788",
            "port of page and API; 0 takes any free one", Form.number(0, 65_535, ""));
    static final Setting<String> HTTP_BIND = new Setting<>("NATSJOB_HTTP_BIND", "0.0.0.0",
            "address that page and API listen on", Form.host());
    static final Setting<String> LOGIN_USER = new Setting<>("NATSJOB_LOGIN_USER", "natsjob",
            "user of page and API", Form.text(64));
    static final Setting<Secret> LOGIN_PWD = new Setting<>("NATSJOB_LOGIN_PWD", PublishedDefaults.PASSWORD,
            "password of that user; the default works from this machine only and counts as not set",
            Form.secret("text of 1..256 characters", 256));
    static final Setting<Integer> LOGIN_TOKEN_EXPIRE_HOURS = new Setting<>("NATSJOB_LOGIN_TOKEN_EXPIRE_HOURS", "2",
            "how long a login lasts, in hours", Form.number(1, 8_760, ""));
    static final Setting<Integer> JOB_RESULT_EXPIRE_HOURS = new Setting<>("NATSJOB_JOB_RESULT_EXPIRE_HOURS", "24",
            "how long ended runs are kept, in hours", Form.number(1, 87_600, ""));
    static final Setting<String> DB_TYPE = new Setting<>("NATSJOB_DB_TYPE", "sqlite",
            "kind of database", DatabaseUrl.typeForm());
    static final Setting<String> DB_URL = new Setting<>("NATSJOB_DB_URL", "",
            "where the database is; without it natsjob.db in the data folder", DatabaseUrl.form());
    static final Setting<Integer> DB_CHAN_COUNT = new Setting<>("NATSJOB_DB_CHAN_COUNT", "100",
            "most batches of results written at the same time; 1 on SQLite whatever it says", Form.number(1, 100_000, ""));
    static final Setting<String> NAMESPACE = new Setting<>("NATSJOB_NAMESPACE", "app",
            "namespace of this group of servers", Form.name());
    static final Setting<Boolean> NAMESPACE_ONLY_JOB = new Setting<>("NATSJOB_NAMESPACE_ONLY_JOB", "false",
            "accepted for old set-ups, has no effect", Form.bool());
    static final Setting<String> LEASE_PROFILE = new Setting<>("NATSJOB_LEASE_PROFILE", "default",
            "times of the leader's lease: another server takes over within 5 s of a crash, or within 17 s with slow, for slow networks", Form.oneOf("default", "slow"));
    static final Setting<Long> STREAM_MAX_BYTES = new Setting<>("NATSJOB_STREAM_MAX_BYTES", "10737418240",
            "size limit of the stream when natsjob creates it; an existing one keeps its own", ByteSize.form(1L << 20, 1L << 50));
    static final Setting<String> NATS_REPLICAS = new Setting<>("NATSJOB_NATS_REPLICAS", "auto",
            "how many servers of a NATS cluster keep the stream and each bucket that natsjob creates; auto: 3 in a cluster that can, else 1; existing ones keep theirs",
            Form.oneOf("auto", "1", "3", "5"));
    static final Setting<Boolean> RESULT_KEY_PRESET = new Setting<>("NATSJOB_RESULT_KEY_PRESET", "false",
            "write an empty value under the result key before each run is sent, for workers that get it and update it by its revision; costs one write to NATS per run", Form.bool());
    static final Setting<Integer> TALLY_DAYS = new Setting<>("NATSJOB_TALLY_DAYS", "30",
            "how long the counts by job and hour are kept, in days", Form.number(1, 3_650, ""));
    static final Setting<String> DATA_DIR = new Setting<>("NATSJOB_DATA_DIR", "data",
            "folder of the SQLite database", Form.path());
    static final Setting<String> LOG_DIR = new Setting<>("NATSJOB_LOG_DIR", "logs",
            "folder of app.log", Form.path());
    static final Setting<String> CONF_DIR = new Setting<>("NATSJOB_CONF_DIR", "conf",
            "folder of config.yaml; cannot be set in that file itself", Form.path());

    /** Every setting, in the order in which people read them. */
    public static final List<Setting<?>> ALL = List.of(
            NATS_URL, HTTP_PORT, HTTP_BIND, LOGIN_USER, LOGIN_PWD, LOGIN_TOKEN_EXPIRE_HOURS, SECRET_KEY, DB_TYPE, DB_URL,
            DB_CHAN_COUNT, JOB_RESULT_EXPIRE_HOURS, TALLY_DAYS, LOG_ENV, LOG_LEVEL, NAMESPACE, NAMESPACE_ONLY_JOB,
            LEASE_PROFILE, STREAM_MAX_BYTES, NATS_REPLICAS, RESULT_KEY_PRESET, DATA_DIR, LOG_DIR, CONF_DIR);

    /** The names of all settings. */
    public static final List<String> NAMES = ALL.stream().map(Setting::name).toList();

    /** The setting of exactly this name. */
    static Optional<Setting<?>> named(String name) {
        // Wildcards need the loop: a stream would fix one type.
        for (Setting<?> setting : ALL) {
            if (setting.name().equals(name)) {
                return Optional.of(setting);
            }
        }
        return Optional.empty();
    }

    /** Whether text of this setting may hold a secret and is never shown as it is. */
    public boolean secret() {
        return !form.openly();
    }

    /** The allowed form in words. */
    public String words() {
        return form.words();
    }

    /** Blanks around a text do not count, except in a secret. */
    String trimmed(String text) {
        return form.openly() ? text.strip() : text;
    }

    @Override
    public String toString() {
        return name;
    }
}
