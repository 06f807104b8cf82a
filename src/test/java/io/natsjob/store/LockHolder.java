package io.natsjob.store;

import io.natsjob.time.Clock;
import java.io.IOException;

/** A second process: opens the database, says so, and holds it until it is killed or its input ends. */
final class LockHolder {
    private LockHolder() {}

    public static void main(String[] args) throws IOException {
        try (Database database = Database.open(new StoreOptions("sqlite", args[0], 1), Clock.system())) {
            System.out.println("open " + database.describe());
            System.in.read();
        }
    }
}
