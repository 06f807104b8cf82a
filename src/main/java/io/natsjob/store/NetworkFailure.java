package io.natsjob.store;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.nio.channels.UnresolvedAddressException;
import java.sql.SQLException;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** What lies below a driver's error when the network or TLS failed, by the classes of its causes; most telling first. */
final class NetworkFailure {
    private static final int DEPTH_MAX = 16;

    private NetworkFailure() {}

    static Optional<Failure> of(FailurePlace at, SQLException error) {
        if (has(error, CertificateException.class) || has(error, CertPathValidatorException.class) || has(error, CertPathBuilderException.class)) {
            return told("the certificate of " + at.server() + " is not trusted, expired, or of another host name: make Java trust it"
                    + " (-Djavax.net.ssl.trustStore=...), or demand TLS without that check by " + unchecked(at.kind()));
        }
        if (has(error, SSLException.class)) {
            return told("TLS with " + at.server() + " could not be agreed: check its TLS settings, or do without TLS by " + withoutTls(at.kind()));
        }
        if (has(error, UnknownHostException.class) || has(error, UnresolvedAddressException.class)) {
            return told("the host name of " + at.server() + " is unknown: check it in NATSJOB_DB_URL, and the name service");
        }
        if (has(error, SocketTimeoutException.class)) {
            return told(at.server() + " did not answer in time: check host and port in NATSJOB_DB_URL, firewalls, and that the server is up");
        }
        if (has(error, NoRouteToHostException.class)) {
            return told("there is no way to " + at.server() + ": check the host in NATSJOB_DB_URL, and the network");
        }
        if (has(error, ConnectException.class)) {
            return told(at.server() + " refused the connection: check host and port in NATSJOB_DB_URL, and that the server is up and listens there");
        }
        return has(error, EOFException.class) ? told(at.server() + " closed the connection: it stopped, or something else than "
                + at.kind().label() + " listens there; check host and port in NATSJOB_DB_URL") : Optional.empty();
    }

    private static Optional<Failure> told(String words) {
        return Optional.of(Failure.unavailable(words));
    }

    private static String unchecked(ServerKind kind) {
        return switch (kind) {
            case MYSQL -> "tls=skip-verify (jdbc: sslMode=REQUIRED)";
            case POSTGRES -> "sslmode=require";
            case DM -> "the server's settings";
        };
    }

    static String withoutTls(ServerKind kind) {
        return switch (kind) {
            case MYSQL -> "tls=false (jdbc: sslMode=DISABLED)";
            case POSTGRES -> "sslmode=disable";
            case DM -> "the server's settings";
        };
    }

    private static boolean has(Throwable error, Class<? extends Throwable> type) {
        int depth = 0;
        for (Throwable cause = error; cause != null && depth < DEPTH_MAX; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
            depth++;
        }
        return false;
    }
}
