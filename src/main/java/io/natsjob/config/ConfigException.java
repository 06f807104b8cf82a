package io.natsjob.config;

import java.util.List;

/** A configuration that the server cannot start with. Each problem is one line, without secrets. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    public ConfigException(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    ConfigException(String problem) {
        this(List.of(problem));
    }

    /** One line for each problem, at least one. */
    public List<String> problems() {
        return problems;
    }
}
