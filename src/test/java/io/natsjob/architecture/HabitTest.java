package io.natsjob.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Habits that a compiler does not see. */
final class HabitTest {
    private static final Pattern SLEEP = Pattern.compile("\\bsleep\\s*\\(");
    private static final Pattern OWN_CLOCK = Pattern.compile("\\b(Instant|\\w*Date|\\w*DateTime|\\w*Time|Year|YearMonth)\\.now\\s*\\(|\\bcurrentTimeMillis\\b|\\bnanoTime\\b"
            + "|\\bInstantSource\\.system\\b|\\bClock\\.system\\w*\\s*\\(|\\bnew Date\\s*\\(\\s*\\)");
    /** Where a clock is read beside package time, and why. */
    private static final Set<String> CLOCK_ALLOWED = Set.of(
            "Server.java", // makes the one clock that is handed to all
            "Main.java", // the same for the small commands
            "Logging.java", // the time of a line; log lies below package time and may not use it
            "StderrSink.java", // the same, before the log is set up
            "WriterLane.java"); // gathers for up to 10 ms, with the timed wait of the JDK's queue, which follows this clock too
    private static final Pattern UNFINISHED = Pattern.compile("\\b(TO" + "DO|FIX" + "ME)\\b");
    /** Somebody's home, or a folder of one machine. What a shell falls back to is none. */
    private static final Pattern MACHINE_PATH = Pattern.compile("(?<![\\w.}$*~-])/(home|root|Users|work|tmp)/\\w");
    private static final List<String> TEXT_ENDINGS = List.of(".java", ".md", ".sh", ".xml", ".sql", ".yaml", ".yml", ".jsonl", ".tsv", "/run", "NOTICE", ".gitignore", ".config");

    @Test
    void tests_wait_for_what_they_expect_and_never_sleep() {
        assertEquals(List.of(), places(Sources.java(Sources.TEST), SLEEP, true));
    }

    @Test
    void only_package_time_reads_the_clocks_of_the_machine() {
        List<Path> others = Sources.java(Sources.MAIN).stream()
                .filter(file -> !Sources.packageOf(file).equals("time") && !CLOCK_ALLOWED.contains(file.getFileName().toString())).toList();
        assertEquals(List.of(), places(others, OWN_CLOCK, true));
    }

    @Test
    void the_server_reads_no_clock_but_hands_one_out() {
        Path server = Sources.MAIN.resolve("Server.java");
        List<String> places = places(List.of(server), OWN_CLOCK, true);
        assertTrue(!places.isEmpty() && places.stream().allMatch(place -> place.endsWith("Clock.system(")), places.toString());
    }

    @Test
    void nothing_is_marked_as_unfinished() {
        assertEquals(List.of(), places(tracked(), UNFINISHED, false));
    }

    @Test
    void no_file_names_a_folder_of_somebodys_machine() {
        assertEquals(List.of(), places(tracked(), MACHINE_PATH, false));
    }

    @Test
    void packages_are_named_after_what_they_do() {
        Set<String> empty = Set.of("util", "utils", "common", "service", "services", "manager", "impl", "helper", "misc", "core");
        Sources.java(Sources.MAIN).forEach(file -> file.getParent().forEach(part -> assertTrue(!empty.contains(part.toString()), file.toString())));
    }

    private static List<Path> tracked() {
        List<Path> tracked = new ArrayList<>();
        for (String top : List.of("src", "docs", "scripts", ".ci", ".mvn")) {
            for (String ending : TEXT_ENDINGS) {
                tracked.addAll(Sources.files(Path.of(top), ending));
            }
        }
        for (String top : List.of("README.md", "CHANGELOG.md", "NOTICE", "pom.xml", ".gitignore")) {
            assertTrue(Files.exists(Path.of(top)), top);
            tracked.add(Path.of(top));
        }
        assertTrue(tracked.size() > 300, "only " + tracked.size() + " files were found");
        return tracked;
    }

    private static List<String> places(List<Path> files, Pattern what, boolean codeOnly) {
        List<String> places = new ArrayList<>();
        for (Path file : files) {
            String text = codeOnly ? Sources.code(Sources.text(file)) : Sources.text(file);
            Matcher found = what.matcher(text);
            while (found.find()) {
                places.add(file + ":" + Sources.line(text, found.start()) + " " + found.group());
            }
        }
        return places;
    }
}
