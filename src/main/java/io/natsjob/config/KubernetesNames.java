package io.natsjob.config;

import java.util.regex.Pattern;

/**
 * The variables that Kubernetes puts into every container for each Service: for one named {@code natsjob}, or {@code natsjob-web},
 * they begin like our settings and mean nothing to us.
 */
final class KubernetesNames {
    private static final Pattern NAMES = Pattern.compile(
            "NATSJOB(_[A-Z0-9_]+)?_SERVICE_(HOST|PORT(_[A-Z0-9_]+)?)"
                    + "|NATSJOB(_[A-Z0-9_]+)?_PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?"
                    + "|NATSJOB_PORT");
    private static final Pattern PORT_NAME = Pattern.compile("NATSJOB_[A-Z0-9_]+_PORT");
    private static final Pattern PORT_VALUE = Pattern.compile("(tcp|udp|sctp)://.*");

    private KubernetesNames() {}

    static boolean matches(String name, String value) {
        return NAMES.matcher(name).matches() || PORT_NAME.matcher(name).matches() && servicePort(value);
    }

    /** Whether a value is such as Kubernetes gives to {@code NATSJOB_HTTP_PORT} where a Service is named {@code natsjob-http}. */
    static boolean servicePort(String value) {
        return PORT_VALUE.matcher(value).matches();
    }
}
