package io.natsjob.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PurposeTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "SELECT a FROM natsjob_run WHERE b = ? | read from natsjob_run",
        "INSERT INTO natsjob_tally (a) VALUES (?) | insert into natsjob_tally",
        "UPDATE natsjob_job SET a = (SELECT 1 FROM natsjob_app) | update natsjob_job",
        "DELETE FROM natsjob_run | delete from natsjob_run",
        "create table natsjob_x (id INTEGER) | create natsjob_x",
        "PRAGMA synchronous | run PRAGMA synchronous",
    })
    void names_the_verb_and_the_table(String sql, String purpose) {
        assertEquals(purpose, Purpose.of(sql));
    }
}
