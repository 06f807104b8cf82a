package io.natsjob.config;

import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All values as they were found, with what is wrong about them: a {@link Config} once nothing is. */
public final class ConfigDraft {
    private static final int SHOWN_MAX_CHARS = 200;

    private final Map<Setting<?>, ConfigValue> values;
    private final Path workingFolder;
    private final ServerZone zone;
    private final List<String> warnings;
    private final List<String> problems;

    ConfigDraft(Map<Setting<?>, ConfigValue> values, Path workingFolder, ServerZone zone, List<String> warnings, List<String> problems) {
        this.values = values;
        this.workingFolder = workingFolder;
        this.zone = zone;
        this.warnings = warnings;
        this.problems = problems;
    }

    /** The same with the values' own problems and warnings added. */
    ConfigDraft checked() {
        List<String> allProblems = new ArrayList<>(problems);
        List<String> allWarnings = new ArrayList<>(warnings);
        if (sqliteIsSet() && DatabaseUrl.ofServer(value(Setting.DB_URL).text())) {
            allWarnings.add(Setting.DB_URL + " (" + source(Setting.DB_URL) + ") is the URL of a server and has no effect while " + Setting.DB_TYPE
                    + " is sqlite: the database is natsjob.db in the data folder");
            Map<Setting<?>, ConfigValue> used = new LinkedHashMap<>(values);
            used.put(Setting.DB_URL, new ConfigValue(Setting.DB_URL.defaultText(), ConfigValue.DEFAULT));
            return new ConfigDraft(used, workingFolder, zone, allWarnings, problems).checked();
        }
        for (Setting<?> setting : Setting.ALL) {
            String problem = setting == Setting.DB_URL ? urlProblem() : problem(setting);
            if (problem != null) {
                allProblems.add(problem);
            }
        }
        if (value(Setting.LOGIN_PWD).isDefault()) {
            allWarnings.add(Setting.LOGIN_PWD + " is not set: login works from this machine only");
        }
        if (value(Setting.NAMESPACE_ONLY_JOB).text().equalsIgnoreCase("true")) {
            allWarnings.add(Setting.NAMESPACE_ONLY_JOB + "=true has no effect");
        }
        return new ConfigDraft(values, workingFolder, zone, List.copyOf(allWarnings), List.copyOf(allProblems));
    }

    /** By somebody who wrote it down: where the kind is only the default, a server's URL more likely lacks its kind. */
    private boolean sqliteIsSet() {
        ConfigValue type = value(Setting.DB_TYPE);
        return !type.isDefault() && type.text().equalsIgnoreCase(DatabaseUrl.SQLITE);
    }

    /** The address of a server is read when the database is opened, and nothing is said of it while the kind of database is unknown. */
    private String urlProblem() {
        try {
            String type = Setting.DB_TYPE.form().reader().read(value(Setting.DB_TYPE).text());
            if (type.equals(DatabaseUrl.SQLITE)) {
                String problem = problem(Setting.DB_URL);
                return problem != null && DatabaseUrl.ofServer(value(Setting.DB_URL).text())
                        ? problem + "; or set " + Setting.DB_TYPE + " to mysql, postgres or dm" : problem;
            }
            return value(Setting.DB_URL).text().isBlank() ? Setting.DB_URL + " is not set: NATSJOB_DB_TYPE=" + type + " needs the address of the server; expected "
                    + Setting.DB_URL.words() : null;
        } catch (BadValue e) {
            return null;
        }
    }

    private String problem(Setting<?> setting) {
        ConfigValue value = value(setting);
        if (value.text().isEmpty()) {
            return null;
        }
        try {
            setting.form().reader().read(value.text());
            return null;
        } catch (BadValue e) {
            boolean service = value.source().equals(Environment.SOURCE) && KubernetesNames.servicePort(value.text());
            return setting.name() + "=" + shown(setting) + " (" + value.source() + ") is not allowed: " + e.getMessage()
                    + "; expected " + setting.words()
                    + (service ? "; Kubernetes sets such a variable for a Service: rename it or set enableServiceLinks: false" : "");
        }
    }

    /** The configuration. */
    public Config config() throws ConfigException {
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return new Config(this, warnings);
    }

    /** What is odd but does not stand in the way, one line each. */
    public List<String> warnings() {
        return warnings;
    }

    /** What forbids a start, one line each; empty when {@link #config} works. */
    public List<String> problems() {
        return problems;
    }

    /** Where the setting's value stands: {@code environment}, {@code command line}, a file's path or {@code default}. */
    public String source(Setting<?> setting) {
        return value(setting).source();
    }

    /** The setting's value without secrets and control characters, on one line. */
    public String shown(Setting<?> setting) {
        String text = value(setting).text();
        if (text.isEmpty() || setting == Setting.LOGIN_PWD && value(setting).isDefault()) {
            return "(not set)";
        }
        String masked = setting.form().mask().apply(text).replaceAll("[\\p{Cntrl}\\u2028\\u2029]", "?");
        return masked.length() > SHOWN_MAX_CHARS ? masked.substring(0, SHOWN_MAX_CHARS) + "..." : masked;
    }

    /** The server's zone; the system's where {@code TZ} is wrong. */
    public ZoneId zone() {
        return zone.zone();
    }

    /** {@code environment} or {@code system}. */
    public String zoneSource() {
        return zone.source();
    }

    ConfigValue value(Setting<?> setting) {
        return values.get(setting);
    }

    Path workingFolder() {
        return workingFolder;
    }

    @Override
    public String toString() {
        return "ConfigDraft[" + problems.size() + " problems]";
    }
}
