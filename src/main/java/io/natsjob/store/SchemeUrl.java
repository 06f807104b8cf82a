package io.natsjob.store;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * {@code scheme://user:password@host:port,host2/name?options}, split but not decoded. Read as the standard (and Go) has it,
 * where the first of {@code / ? #} ends the host; where no host comes out of that, up to the last {@code @}, since people
 * write those characters raw in a password.
 *
 * @param user     null where there is no {@code @}
 * @param password null where there is none
 * @param hosts    as written, may be empty
 * @param path     what follows the first / after the hosts, may be empty
 * @param query    null where there is no ?
 */
record SchemeUrl(String user, String password, String hosts, String path, String query) {
    private static final String HOST = "(?:\\[[0-9A-Fa-f:.]+(?:%[A-Za-z0-9._-]+)?\\]|[A-Za-z0-9._-]+)(?::[0-9]*)?";
    private static final Pattern HOSTS = Pattern.compile("(?:" + HOST + "(?:," + HOST + ")*)?");

    /** Splits what follows {@code ://}. */
    static SchemeUrl parse(String text) throws BadUrl {
        SchemeUrl standard = split(text, firstOf(text, "/?#"));
        if (standard.sound()) {
            return standard;
        }
        int at = text.lastIndexOf('@');
        SchemeUrl lenient = at < 0 ? standard : split(text, at + 1 + firstOf(text.substring(at + 1), "/?#"));
        if (lenient.sound()) {
            return lenient;
        }
        throw new BadUrl("no host, or not host:port; in a password, @ / ? # and % are written %40 %2F %3F %23 and %25");
    }

    private boolean sound() {
        return HOSTS.matcher(hosts).matches() && !path.contains("@") && (query == null || !query.contains("@"));
    }

    private static SchemeUrl split(String text, int authorityEnd) {
        String authority = text.substring(0, authorityEnd);
        int at = authority.lastIndexOf('@');
        String login = at < 0 ? null : authority.substring(0, at);
        int colon = login == null ? -1 : login.indexOf(':');
        String user = colon < 0 ? login : login.substring(0, colon);
        String password = colon < 0 ? null : login.substring(colon + 1);
        String rest = text.substring(authorityEnd);
        int question = rest.indexOf('?');
        String path = question < 0 ? rest : rest.substring(0, question);
        return new SchemeUrl(user, password, authority.substring(at + 1), path.startsWith("/") ? path.substring(1) : path,
                question < 0 ? null : rest.substring(question + 1));
    }

    /** Place of the first of these characters, or the length. */
    private static int firstOf(String text, String characters) {
        int i = 0;
        while (i < text.length() && characters.indexOf(text.charAt(i)) < 0) {
            i++;
        }
        return i;
    }

    /** User and password decoded; empty where missing. {@code +} is itself here. */
    DatabaseLogin login() throws BadUrl {
        return new DatabaseLogin(user == null ? "" : Percent.decode(user, false), password == null ? "" : Percent.decode(password, false));
    }

    /** The hosts, of which there may be none; the zone of an IPv6 address follows %25, or % as people write it. */
    List<ServerHost> hosts(int defaultPort) throws BadUrl {
        List<ServerHost> list = new ArrayList<>();
        for (String host : hosts.isEmpty() ? new String[0] : hosts.split(",")) {
            list.add(ServerHost.parse(host.replace("%25", "%"), defaultPort));
        }
        return list;
    }

    @Override
    public String toString() {
        return "SchemeUrl[" + hosts + "]";
    }
}
