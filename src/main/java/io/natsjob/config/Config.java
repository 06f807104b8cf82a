package io.natsjob.config;

import io.natsjob.log.Level;
import io.natsjob.log.LogOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What the server was told, validated: every value has its form and lies within its bounds. Immutable; printing it shows no secret. */
public final class Config {
    private final ConfigDraft draft;
    private final List<String> warnings;

    Config(ConfigDraft draft, List<String> warnings) {
        this.draft = draft;
        this.warnings = warnings;
    }

    /** The same with one more warning, for what shows only after reading. */
    public Config withWarning(String warning) {
        return new Config(draft, Stream.concat(warnings.stream(), Stream.of(warning)).toList());
    }

    /** What is odd but does not stand in the way, one line each, without secrets; to be logged once at start. */
    public List<String> warnings() {
        return warnings;
    }

    /** Where NATS is and how to log in. */
    public NatsOptions nats() {
        return value(Setting.NATS_URL);
    }

    /** Port of page and API; 0 takes any free one. */
    public int httpPort() {
        return value(Setting.HTTP_PORT);
    }

    /** Address or host name to listen on. */
    public String httpBind() {
        return value(Setting.HTTP_BIND);
    }

    /** User of page and API. */
    public String loginUser() {
        return value(Setting.LOGIN_USER);
    }

    /** Password of that user, plain or {@code pbkdf2-sha256$...}; the known default where none was set. */
    public Secret loginPassword() {
        return value(Setting.LOGIN_PWD);
    }

    /** Whether no password was set, so that only this machine may log in. */
    public boolean defaultPassword() {
        return draft.value(Setting.LOGIN_PWD).isDefault();
    }

    /** How long a login lasts; 1 to 8,760 hours. */
    public Duration loginLife() {
        return Duration.ofHours(value(Setting.LOGIN_TOKEN_EXPIRE_HOURS));
    }

    /** The key that signs tokens, at least 32 bytes of UTF-8; empty where it must be made and kept in the database. */
    public Optional<Secret> signingKey() {
        return draft.value(Setting.SECRET_KEY).isDefault() ? Optional.empty() : Optional.of(value(Setting.SECRET_KEY));
    }

    /** {@code sqlite}, {@code mysql}, {@code postgres} or {@code dm}. */
    public String databaseType() {
        return value(Setting.DB_TYPE);
    }

    /** Whether {@link #databaseType} is a file, not a server. */
    public boolean sqlite() {
        return databaseType().equals(DatabaseUrl.SQLITE);
    }

    /** Of SQLite the path of {@link #databaseFile}, else the address of the server as it was given, not read yet; it may hold a password. */
    public Secret databaseUrl() {
        return new Secret(sqlite() ? databaseFile().toString() : draft.value(Setting.DB_URL).text());
    }

    /** What {@link #databaseUrl} would be, were NATSJOB_DB_URL this text; empty where it names no SQLite file, while the kind is SQLite. */
    public Optional<Secret> databaseUrl(String text) {
        try {
            return Optional.of(new Secret(sqlite() ? draft.workingFolder().resolve(DatabaseUrl.sqliteFile(text)).normalize().toString() : text));
        } catch (BadValue e) {
            return Optional.empty();
        }
    }

    /** The SQLite file, absolute; its folder may not exist yet. */
    public Path databaseFile() {
        ConfigValue url = draft.value(Setting.DB_URL);
        return url.isDefault() ? dataFolder().resolve("natsjob.db") : path(Setting.DB_URL);
    }

    /** Most batches of results in flight, 1 to 100,000; SQLite takes one whatever it says. */
    public int resultBatchesInFlight() {
        return value(Setting.DB_CHAN_COUNT);
    }

    /** How long ended runs are kept; 1 to 87,600 hours. */
    public Duration resultRetention() {
        return Duration.ofHours(value(Setting.JOB_RESULT_EXPIRE_HOURS));
    }

    /** How long tallies are kept; 1 to 3,650 days. */
    public Duration tallyRetention() {
        return Duration.ofDays(value(Setting.TALLY_DAYS));
    }

    /** Namespace of this group of servers; docs/protocol.md, Names. */
    public String namespace() {
        return value(Setting.NAMESPACE);
    }

    /** Name of the times of the leader's lease: {@code default} or {@code slow}. */
    public String leaseProfile() {
        return value(Setting.LEASE_PROFILE);
    }

    /** Size limit in bytes of a stream that is created. */
    public long streamMaxBytes() {
        return value(Setting.STREAM_MAX_BYTES);
    }

    /** How many servers of a NATS cluster keep what is created: 1, 3 or 5, or 0 for three where the cluster can, else one. */
    public int natsReplicas() {
        String text = value(Setting.NATS_REPLICAS);
        return text.equals("auto") ? 0 : Integer.parseInt(text);
    }

    /** Whether the result key is written at the start of each run. */
    public boolean resultKeyPreset() {
        return value(Setting.RESULT_KEY_PRESET);
    }

    /** Form, level and folder of the log, with the server's zone. */
    public LogOptions log() {
        Level level = Level.valueOf(value(Setting.LOG_LEVEL).toUpperCase(Locale.ROOT));
        return new LogOptions(value(Setting.LOG_ENV).equals("json"), level, path(Setting.LOG_DIR), zone());
    }

    /** Folder of the database, absolute. */
    public Path dataFolder() {
        return path(Setting.DATA_DIR);
    }

    /** Folder of {@code config.yaml}, absolute. */
    public Path confFolder() {
        return path(Setting.CONF_DIR);
    }

    /** The server's zone: for jobs without one, and for the times of the log. */
    public ZoneId zone() {
        return draft.zone();
    }

    private Path path(Setting<String> setting) {
        return draft.workingFolder().resolve(value(setting)).normalize();
    }

    private <T> T value(Setting<T> setting) {
        try {
            return setting.form().reader().read(draft.value(setting).text());
        } catch (BadValue e) {
            throw new IllegalStateException(setting.name() + " was not checked: " + e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return "Config[" + String.join(", ", Setting.ALL.stream().map(s -> s.name() + "=" + draft.shown(s)).toList()) + "]";
    }
}
