package io.natsjob.store;

/**
 * Who logs in. Printing it shows no password.
 *
 * @param user     not empty
 * @param password empty where the server asks for none
 */
public record DatabaseLogin(String user, String password) {
    @Override
    public String toString() {
        return user + ":***";
    }
}
