package io.natsjob.store;

import java.util.regex.Pattern;

/**
 * Where a database server listens.
 *
 * @param name host name, IPv4 address, or IPv6 address without brackets
 * @param port 1 to 65,535
 */
public record ServerHost(String name, int port) {
    private static final int PORT_MAX = 65_535;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,252}");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}(%[A-Za-z0-9._-]{1,32})?");

    /** The text {@code host}, {@code host:port} or {@code [ipv6]:port}. */
    static ServerHost parse(String text, int defaultPort) throws BadUrl {
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            if (end < 0) {
                throw new BadUrl("the [ of an IPv6 address is not closed");
            }
            String rest = text.substring(end + 1);
            if (!rest.isEmpty() && !rest.startsWith(":")) {
                throw new BadUrl("after the ] of an IPv6 address only :port may stand");
            }
            return of(text.substring(0, end + 1), rest.isEmpty() ? "" : rest.substring(1), defaultPort);
        }
        int colon = text.indexOf(':');
        if (colon != text.lastIndexOf(':')) {
            throw new BadUrl("an IPv6 address stands in brackets: [::1]:" + defaultPort);
        }
        return colon < 0 ? of(text, "", defaultPort) : of(text.substring(0, colon), text.substring(colon + 1), defaultPort);
    }

    /** Host and port as two texts; brackets of an IPv6 address may be missing, and an empty port is the default. */
    static ServerHost of(String host, String port, int defaultPort) throws BadUrl {
        if (host.isEmpty()) {
            throw new BadUrl("the host is missing");
        }
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        String name = bracketed ? host.substring(1, host.length() - 1) : host;
        boolean ipv6 = name.indexOf(':') >= 0 && IPV6.matcher(name).matches();
        if (!ipv6 && (bracketed || !NAME.matcher(name).matches())) {
            throw new BadUrl("the host is not a host name or IP address");
        }
        if (port.isEmpty()) {
            return new ServerHost(name, defaultPort);
        }
        int number = port.matches("[0-9]{1,5}") ? Integer.parseInt(port) : 0;
        if (number < 1 || number > PORT_MAX) {
            throw new BadUrl("the port is not a number 1.." + PORT_MAX);
        }
        return new ServerHost(name, number);
    }

    /** {@code host:port} with brackets around an IPv6 address. */
    @Override
    public String toString() {
        return (name.indexOf(':') >= 0 ? "[" + name + "]" : name) + ":" + port;
    }
}
