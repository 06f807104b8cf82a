package io.natsjob.store;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.testkit.DatabaseServer;
import io.natsjob.time.Clock;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** A database of its own for each test, on a server that all share. */
@Timeout(180)
abstract class ServerCase {
    final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    String name;

    abstract DatabaseServer shared();

    @BeforeEach
    void createDatabase() {
        name = shared().create();
    }

    @AfterEach
    void dropDatabase() {
        callers.close();
        shared().drop(name);
    }

    Database open() {
        return Servers.open(shared(), name, Clock.system());
    }

    Database open(TimeLimits limits) {
        return Servers.open(shared(), name, Clock.system(), limits);
    }

    static String put(Database database, String setting, String text) {
        return database.write(Priority.EDIT, sql -> SettingTable.putIfAbsent(sql, setting, text));
    }

    static void assertSays(String message, String... parts) {
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
    }

    static boolean await(CountDownLatch latch) {
        try {
            return latch.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
