package io.natsjob.web;

import com.eclipsesource.json.JsonObject;
import io.natsjob.log.Log;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Login, session, logout. */
final class SessionHandler {
    private static final Log LOG = Log.of("web");
    private static final int MAX_SECRET = 1_024;

    private final WebOptions.Login login;
    private final Sessions sessions;

    SessionHandler(WebOptions.Login login, Sessions sessions) {
        this.login = login;
        this.sessions = sessions;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.open("POST", Endpoint.API + "login", this::login),
                Endpoint.api("GET", "session", this::session),
                Endpoint.api("POST", "logout", this::logout));
    }

    private Answer login(Request request) {
        Fields fields = new Fields(request.object());
        fields.refuseUnknown(Set.of("user", "password"), Set.of());
        String user = fields.required("user", MAX_SECRET);
        String password = fields.required("password", MAX_SECRET);
        fields.errors().refuseIfAny();
        refuseUnlessKnown(request.head(), user, password);
        Sessions.Opened opened = sessions.open(user);
        JsonObject json = view(opened.session()).add("token", opened.token());
        return Answer.ok(json).with(Map.of("Set-Cookie", cookie(opened.token(), maxAgeSeconds(opened.session()), request.head())));
    }

    private void refuseUnlessKnown(Head head, String user, String password) {
        // Both are compared whatever the first says, each in the same time for every text.
        boolean known = same(user, login.user()) & same(password, login.password());
        if (!known) {
            LOG.info("login failed", "user", Shown.cut(user), "address", head.peer().getHostAddress(), "requestId", head.id());
            throw Refusal.of(401, "auth.failed", "user or password is wrong");
        }
        if (login.defaultPassword() && !head.fromThisMachine()) {
            LOG.info("login refused, the default password counts on this machine only", "address", head.peer().getHostAddress());
            throw Refusal.of(403, "auth.default-password",
                    "the default password logs in from the server's own machine only: set NATSJOB_LOGIN_PWD (and NATSJOB_LOGIN_USER) and restart");
        }
    }

    private Answer session(Request request) {
        return Answer.ok(view(request.session()));
    }

    private Answer logout(Request request) {
        sessions.end(request.session());
        return Answer.noContent().with(Map.of("Set-Cookie", cookie("", 0, request.head())));
    }

    private static JsonObject view(Session session) {
        return new JsonObject().add("user", session.user()).add("expiresAt", session.expiresAt());
    }

    private static long maxAgeSeconds(Session session) {
        return (session.expiresAt() - session.issuedAt()) / 1_000;
    }

    /** Secure only where a proxy says that the browser speaks TLS: over plain HTTP a browser would drop the cookie. */
    private static String cookie(String token, long maxAgeSeconds, Head head) {
        boolean tls = head.header("X-Forwarded-Proto").filter("https"::equalsIgnoreCase).isPresent();
        return Sessions.COOKIE + "=" + token + "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" + maxAgeSeconds + (tls ? "; Secure" : "");
    }

    /** Digests first: a compare of the texts themselves would tell their length. */
    private static boolean same(String given, String expected) {
        return MessageDigest.isEqual(sha256(given), sha256(expected));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
