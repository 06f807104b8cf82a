package io.natsjob.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.eclipsesource.json.JsonObject;
import io.natsjob.testkit.Eventually;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The checker of this package sees each kind of damage: a copied message, a lost result, a run gone without a trace. */
final class CounterProofTest {
    private static final int FIRES = 12;
    private static final String RUN_OUTCOMES = "'success','fail','expired','sent'";

    @Test
    void a_saboteur_turns_every_check_red() throws Exception {
        check(Base.chosen());
    }

    static void check(Base base) throws Exception {
        Verdict verdict = new Verdict("damage on purpose is seen, " + base);
        try (Scene scene = new Scene(base).worker("memory")) {
            scene.everySecond(4, 3, new JsonObject().add("model", "max"));
            Scene.until(scene.to + 1_000);
            Eventually.awaitEqual("answers", Duration.ofSeconds(20), FIRES, () -> scene.worker.acknowledged().size());
            assertEquals(0, scene.server.stop());
            Ledger honest = scene.ledger(RUN_OUTCOMES);
            verdict.equal("undamaged: messages received twice", 0, honest.doubledMessages());
            verdict.equal("undamaged: lost results", 0, honest.lost(scene.worker.acknowledged()).size());
            verdict.equal("undamaged: runs and skips", FIRES, honest.runs.size() + honest.skipped());

            long run = honest.runs.getFirst().id();
            Ledger overwritten = damaged(scene, "UPDATE natsjob_run SET state = 'expired' WHERE id = " + run);
            verdict.equal("a result overwritten: lost results", 1, overwritten.lost(scene.worker.acknowledged()).size());
            Ledger vanished = damaged(scene, "DELETE FROM natsjob_run WHERE id = " + run);
            verdict.equal("a run gone without trace: runs and skips", FIRES - 1, vanished.runs.size() + vanished.skipped());

            var copied = scene.worker.received().getFirst();
            try (var saboteur = scene.nats.connect()) {
                saboteur.publish(copied.subject(), copied.job().toString().getBytes(StandardCharsets.UTF_8));
                saboteur.flush(Duration.ofSeconds(2));
            }
            Eventually.awaitEqual("the copy", Duration.ofSeconds(5), FIRES + 1, scene.worker::count);
            verdict.equal("a message copied: messages received twice", 1, scene.ledger(RUN_OUTCOMES).doubledMessages());
        }
        verdict.done();
    }

    /** What the checker says inside a transaction that did the damage; it is then rolled back. */
    private static Ledger damaged(Scene scene, String sql) throws SQLException {
        try (var connection = scene.database.connect(scene.server); Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            assertEquals(1, statement.executeUpdate(sql));
            Ledger ledger = Ledger.of(connection, scene.worker, RUN_OUTCOMES);
            connection.rollback();
            return ledger;
        }
    }
}
