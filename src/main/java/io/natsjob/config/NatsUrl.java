package io.natsjob.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads {@code nats://user:password@host:4222,nats://host2}: user, password and token percent-encoded, scheme and port optional.
 * Not by {@link URI} alone: people write a raw {@code @} in a password, and its messages hold the whole text.
 */
final class NatsUrl {
    static final String WORDS = "nats://host:port or tls://host:port, with user:password@ or token@ before the host"
            + " (percent-encoded); several by comma";

    private static final int SERVERS_MAX = 32;
    private static final int PORT_DEFAULT = 4222;
    private static final Pattern SCHEME = Pattern.compile("([A-Za-z]{1,8})://(.*)", Pattern.DOTALL);
    private static final Pattern HOST_PORT = Pattern.compile("([A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.%]{2,64}])(?::([0-9]{1,5}))?/?");

    private NatsUrl() {}

    /** One login; the token is in {@code user} when there is no password, as NATS reads it. */
    private record Login(String user, String password) {}

    private record Server(String scheme, String address, Login login) {}

    static Form<NatsOptions> form() {
        return new Form<>(WORDS, NatsUrl::parse, NatsUrl::shown, false);
    }

    static NatsOptions parse(String text) throws BadValue {
        String[] parts = text.split(",", -1);
        if (parts.length > SERVERS_MAX) {
            throw new BadValue("more than " + SERVERS_MAX + " servers");
        }
        List<String> servers = new ArrayList<>();
        Set<String> schemes = new HashSet<>();
        Login login = null;
        for (int i = 0; i < parts.length; i++) {
            Server server = server(parts[i].strip(), "server " + (i + 1) + ": ");
            servers.add(server.scheme() + "://" + server.address());
            schemes.add(server.scheme());
            if (login != null && server.login() != null && !login.equals(server.login())) {
                throw new BadValue("server " + (i + 1) + ": another login than before; one login serves all servers");
            }
            login = login == null ? server.login() : login;
        }
        // A password must not go over a plain connection because one server of several was written without tls.
        if (schemes.size() > 1) {
            throw new BadValue("nats:// and tls:// mixed");
        }
        return options(servers, schemes.contains("tls"), login);
    }

    private static NatsOptions options(List<String> servers, boolean tls, Login login) {
        if (login == null) {
            return new NatsOptions(servers, tls, null, null, null);
        }
        return login.password() == null
                ? new NatsOptions(servers, tls, null, null, new Secret(login.user()))
                : new NatsOptions(servers, tls, login.user(), new Secret(login.password()), null);
    }

    private static Server server(String text, String where) throws BadValue {
        Matcher schemed = SCHEME.matcher(text);
        String scheme = schemed.matches() ? schemed.group(1).toLowerCase(Locale.ROOT) : "nats";
        String rest = schemed.matches() ? schemed.group(2) : text;
        if (!scheme.equals("nats") && !scheme.equals("tls")) {
            throw new BadValue(where + "only nats:// and tls:// are known");
        }
        // The last one, since people write a raw @ in a password.
        int at = rest.lastIndexOf('@');
        Login login = at < 0 ? null : login(rest.substring(0, at), where);
        Matcher address = HOST_PORT.matcher(rest.substring(at + 1));
        if (!address.matches()) {
            throw new BadValue(where + "no host, or not host:port");
        }
        int port = address.group(2) == null ? PORT_DEFAULT : Integer.parseInt(address.group(2));
        if (port < 1 || port > 65_535) {
            throw new BadValue(where + "port must be 1..65535");
        }
        String server = address.group(1) + ":" + port;
        if (!hostOfUri(server)) {
            throw new BadValue(where + "not a host name that the NATS client takes (an underscore is none of its letters)");
        }
        return new Server(scheme, server, login);
    }

    /** The client reads the address by {@link URI} once more, and would fail at its first connect. */
    private static boolean hostOfUri(String server) {
        try {
            return new URI("nats://" + server).getHost() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static Login login(String text, String where) throws BadValue {
        int colon = text.indexOf(':');
        String user = decode(colon < 0 ? text : text.substring(0, colon), where);
        if (user.isEmpty()) {
            throw new BadValue(where + "no user or token before @");
        }
        return new Login(user, colon < 0 ? null : decode(text.substring(colon + 1), where));
    }

    private static String decode(String text, String where) throws BadValue {
        byte[] in = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(in.length);
        for (int i = 0; i < in.length; i++) {
            if (in[i] != '%') {
                out.put(in[i]);
                continue;
            }
            int high = i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
            int low = i + 2 < in.length ? Character.digit(in[i + 2], 16) : -1;
            if (high < 0 || low < 0) {
                throw new BadValue(where + "a % in the login must be written %25");
            }
            out.put((byte) (high << 4 | low));
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(out.flip()).toString();
        } catch (CharacterCodingException e) {
            throw new BadValue(where + "the login's percent-encoding is not UTF-8");
        }
    }

    private static String shown(String text) {
        try {
            return parse(text).shown();
        } catch (BadValue e) {
            // What is not understood may hold the password anywhere.
            return "***";
        }
    }
}
