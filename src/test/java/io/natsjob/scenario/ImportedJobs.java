package io.natsjob.scenario;

import com.eclipsesource.json.JsonObject;
import io.natsjob.testkit.HttpApi;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/** What must have become of each job of the known original database, and what has, as the API shows it; one line for each job. */
final class ImportedJobs {
    /** A job beside those of the known database, whose cron text is refused. */
    static final String REFUSED = "app/biz/refused";
    private static final String REFUSED_LINE = REFUSED + " | 61 * * * * * | standalone max jetStream clientRound | off | 1 60 |  | skip | "
            + "Import: disabled (it was enabled): its cron text 61 * * * * * is refused: expected second 0-59, found \"61\" at position 0.";
    private static final String NOTHING = "no such job";

    private ImportedJobs() {}

    /** By path. */
    static Map<String, String> expected() {
        Map<String, String> jobs = new TreeMap<>();
        try (InputStream in = Objects.requireNonNull(ImportedJobs.class.getResourceAsStream("/store/original-jobs.txt"))) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(line -> jobs.put(line.substring(0, line.indexOf(' ')), line + " | skip"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        jobs.put(REFUSED, REFUSED_LINE);
        return jobs;
    }

    /** By path. */
    static Map<String, String> seen(HttpApi api) {
        Map<String, String> jobs = new TreeMap<>();
        for (JsonObject job : api.all("/natsjob/api/v1/jobs")) {
            String path = job.getString("namespace", "") + "/" + job.getString("app", "") + "/" + job.getString("name", "");
            String line = String.join(" | ", path, job.getString("schedule", ""), String.join(" ", job.getString("category", ""), job.getString("model", ""),
                    job.getString("subjectModel", ""), job.getString("condition", "")), job.getBoolean("enabled", false) ? "on" : "off",
                    job.getInt("maxConcurrency", 0) + " " + job.getInt("timeoutSeconds", 0), job.getString("args", ""), job.getString("misfire", ""));
            String before = jobs.put(path, path.equals(REFUSED) ? line + " | " + job.getString("comment", "") : line);
            if (before != null) {
                jobs.put(path, "twice: " + before + " and " + line);
            }
        }
        return jobs;
    }

    /** A line of the verdict for each job that is on either side; how many there were. */
    static int compare(Verdict verdict, String where, Map<String, String> expected, Map<String, String> seen) {
        TreeSet<String> paths = new TreeSet<>(expected.keySet());
        paths.addAll(seen.keySet());
        paths.forEach(path -> verdict.equal(where + " " + path, expected.getOrDefault(path, NOTHING), seen.getOrDefault(path, NOTHING)));
        return paths.size();
    }

    /** How many jobs are otherwise than expected. */
    static long different(Map<String, String> expected, Map<String, String> seen) {
        TreeSet<String> paths = new TreeSet<>(expected.keySet());
        paths.addAll(seen.keySet());
        return paths.stream().filter(path -> !Objects.equals(expected.get(path), seen.get(path))).count();
    }
}
