package io.natsjob.config;

/** A setting's text, which may be a secret, and where it stands. */
record ConfigValue(String text, String source) {
    static final String DEFAULT = "default";

    boolean isDefault() {
        return source.equals(DEFAULT);
    }

    @Override
    public String toString() {
        return "ConfigValue[" + source + "]";
    }
}
