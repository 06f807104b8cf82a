package io.natsjob;

/** Which release this is. */
public final class Version {
    private Version() {}

    /** The version in the jar's manifest, or {@code dev} when it does not run from the jar. */
    public static String text() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }
}
