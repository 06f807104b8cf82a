package io.natsjob.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.eclipsesource.json.JsonObject;
import io.natsjob.testkit.Eventually;
import io.nats.client.Connection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checker of this package sees each kind of damage: a copied message, a lost result, a run gone without a trace. */
final class CounterProofTest {
    private static final int FIRES = 12;

    @Test
    void a_saboteur_turns_every_check_red(@TempDir Path folder) throws Exception {
        Verdict verdict = new Verdict("damage on purpose is seen");
        try (Scene scene = new Scene().worker("memory")) {
            scene.everySecond(4, 3, new JsonObject().add("model", "max"));
            Scene.until(scene.to + 1_000);
            Eventually.awaitEqual("answers", Duration.ofSeconds(20), FIRES, () -> scene.worker.acknowledged().size());
            assertEquals(0, scene.server.stop());
            Ledger honest = ledger(scene, scene.server.database());
            verdict.equal("undamaged: messages received twice", 0, honest.doubledMessages());
            verdict.equal("undamaged: lost results", 0, honest.lost(scene.worker.acknowledged()).size());
            verdict.equal("undamaged: runs and skips", FIRES, honest.runs.size() + honest.skipped());

            Ledger overwritten = ledger(scene, damaged(folder, scene.server.database(), "UPDATE natsjob_run SET state = 'expired' WHERE id = (SELECT MIN(id) FROM natsjob_run)"));
            verdict.equal("a result overwritten: lost results", 1, overwritten.lost(scene.worker.acknowledged()).size());
            Ledger vanished = ledger(scene, damaged(folder, scene.server.database(), "DELETE FROM natsjob_run WHERE id = (SELECT MAX(id) FROM natsjob_run)"));
            verdict.equal("a run gone without trace: runs and skips", FIRES - 1, vanished.runs.size() + vanished.skipped());

            var copied = scene.worker.received().getFirst();
            try (Connection saboteur = scene.nats.connect()) {
                saboteur.publish(copied.subject(), copied.job().toString().getBytes(StandardCharsets.UTF_8));
                saboteur.flush(Duration.ofSeconds(2));
            }
            Eventually.awaitEqual("the copy", Duration.ofSeconds(5), FIRES + 1, scene.worker::count);
            verdict.equal("a message copied: messages received twice", 1, ledger(scene, scene.server.database()).doubledMessages());
        }
        verdict.done();
    }

    private static Ledger ledger(Scene scene, Path database) {
        return Ledger.of(database, scene.worker, "'success','fail','expired','sent'");
    }

    private static Path damaged(Path folder, Path database, String sql) throws Exception {
        Path copy = folder.resolve("damaged.db");
        Files.copy(database, copy, StandardCopyOption.REPLACE_EXISTING);
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + copy); Statement statement = connection.createStatement()) {
            assertEquals(1, statement.executeUpdate(sql));
        }
        return copy;
    }
}
