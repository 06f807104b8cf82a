package io.natsjob.store;

/** The form of Go's Dameng driver: {@code dm://user:password@host:port?schema=natsjob}, user and password percent-encoded. */
final class DmUrl {
    private DmUrl() {}

    static UrlParts parse(String text) throws BadUrl {
        SchemeUrl url = SchemeUrl.parse(text.substring(text.indexOf("://") + 3));
        if (url.hosts().isEmpty()) {
            throw new BadUrl("the host is missing");
        }
        UrlQuery query = UrlQuery.parse(ServerKind.DM, url.query());
        DatabaseLogin login = url.login();
        return new UrlParts(url.hosts(ServerKind.DM.defaultPort()), Percent.decode(url.path(), false),
                new DatabaseLogin(query.take("user", login.user()), query.take("password", login.password())), query.rest());
    }
}
