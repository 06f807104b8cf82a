package io.natsjob.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What must never be shown, and the secrets that everybody knows. */
final class SecrecyTest {
    private static final String KEY = "hunter2-hunter2-hunter2-hunter2-";

    @TempDir
    private Path folder;

    @Test
    void no_secret_is_in_any_text_about_a_configuration() {
        ConfigFixture fixture = new ConfigFixture(folder).env("NATSJOB_LOGIN_PWD", "hunter2").args("--NATSJOB_SECRET_KEY=" + KEY)
                .file("config.yaml", "NATSJOB_NATS_URL: \"nats://me:hunter2@h:4222\"\nNATSJOB_DB_URL: \"x.db\"\n");
        Config config = fixture.config();
        ConfigDraft draft = fixture.draft();
        String all = String.join("\n", config.toString(), draft.toString(), ConfigText.listing(draft), config.nats().toString(),
                config.loginPassword().toString(), config.signingKey().toString(), config.warnings().toString(),
                draft.value(Setting.LOGIN_PWD).toString(), Flags.read(List.of("--NATSJOB_LOGIN_PWD=hunter2")).toString());
        assertFalse(all.contains("hunter2"), all);
        assertTrue(ConfigText.listing(draft).contains("nats://me:***@h:4222"), all);
        assertEquals("hunter2", config.loginPassword().reveal());
        assertEquals(KEY, config.signingKey().orElseThrow().reveal());
        assertFalse(config.defaultPassword());
    }

    @Test
    void no_secret_is_in_a_refusal() {
        ConfigDraft draft = new ConfigFixture(folder).env("NATSJOB_NATS_URL", "nats://u:hunter2@:x").env("NATSJOB_DB_URL", "dm://u:hunter2@h:5236?schema=x")
                .env("NATSJOB_DB_TYPE", "oracle").args("--NATSJOB_LOGIN_PW=hunter2", "hunter2").draft();
        assertEquals(4, draft.problems().size());
        assertFalse((draft.problems() + ConfigText.listing(draft)).contains("hunter2"), draft.problems() + ConfigText.listing(draft));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "root:hunter2@tcp(127.0.0.1:3306)/natsjob?charset=utf8mb4&parseTime=True|***@tcp(127.0.0.1:3306)/natsjob?***",
        "root:a@b:hunter2/?#%@tcp([::1]:3306)/natsjob|***@tcp([::1]:3306)/natsjob",
        "root:hunter2@unix(/run/mysqld/mysqld.sock)/natsjob|***@unix(/run/mysqld/mysqld.sock)/natsjob",
        "root:x@tcp(h:1)/d?password=hunter2@y|***",
        "host=127.0.0.1 user=postgres password=hunter2 port=5432 dbname=natsjob sslmode=disable TimeZone=Asia/Shanghai"
                + "|host=127.0.0.1 user=*** password=*** port=5432 dbname=natsjob sslmode=disable TimeZone=Asia/Shanghai",
        "host=h password='hunter2 host=hunter2' port=1|host=h password=*** port=1",
        "host=h password='it\\'s hunter2' port=1|host=h password=*** port=1",
        "host = h password = hunter2|host=h password=***",
        "host=h password='hunter2 open|***",
        "host=h password=a hunter2|***",
        "host=hunter2@x password=y|host=*** password=***",
        "dm://SYSDBA:hunter2@127.0.0.1:5236?schema=natsjob|dm://***@127.0.0.1:5236?***",
        "dm://SYSDBA:a@hunter2@127.0.0.1:5236|dm://***@127.0.0.1:5236",
        "dm://SYSDBA:hunter2?x@127.0.0.1:5236|***",
        "postgres://u:hunter2@h/db|postgres://***@h/db",
        "jdbc:postgresql://h:5432/db?user=u&password=hunter2|jdbc:postgresql://h:5432/db?***",
        "jdbc:mysql://u:hunter2@h:3306/db|jdbc:mysql://***@h:3306/db",
        "jdbc:mysql://h/db?password=a@hunter2|***",
        "jdbc:mysql://(host=h,user=u,password=hunter2)/db|***",
        "jdbc:mysql://address=(host=h)(password=hunter2)/db|***",
        "jdbc:dm://h:5236?user=u&password=hunter2|jdbc:dm://h:5236?***",
        "jdbc:sqlserver://h;password=hunter2|jdbc:sqlserver://h?***",
        "dm://SYSDBA:hunter2|***",
        "data/natsjob.db|data/natsjob.db",
        "jdbc:sqlite:data/natsjob.db|jdbc:sqlite:data/natsjob.db",
        "data/natsjob.db?key=hunter2|***"
    })
    void a_database_url_is_shown_without_login_and_options(String url, String shown) {
        assertEquals(shown, DatabaseUrl.shown(url));
        assertFalse(DatabaseUrl.shown(url).contains("hunter2"));
    }

    @Test
    void the_default_password_counts_as_not_set_wherever_it_stands() {
        ConfigFixture fixture = new ConfigFixture(folder).env("NATSJOB_LOGIN_PWD", "natsjob").file("config.yaml", "NATSJOB_LOGIN_PWD: natsjob\n");
        assertTrue(fixture.config().defaultPassword());
        assertTrue(fixture.draft().warnings().contains("NATSJOB_LOGIN_PWD is not set: login works from this machine only"));
    }

    @Test
    void a_weaker_source_counts_where_a_stronger_one_holds_the_default() {
        Config config = new ConfigFixture(folder).env("NATSJOB_LOGIN_PWD", "natsjob").file("config.yaml", "NATSJOB_LOGIN_PWD: real\n").config();
        assertEquals("real", config.loginPassword().reveal());
        assertFalse(config.defaultPassword());
    }

    @Test
    void blanks_in_a_password_are_kept() {
        assertEquals(" a ", new ConfigFixture(folder).env("NATSJOB_LOGIN_PWD", " a ").config().loginPassword().reveal());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny-key", "1234567890123456789012345678901", "ééééééééééééééé"})
    void keys_under_32_bytes_count_as_not_set_with_a_warning(String key) {
        ConfigFixture fixture = new ConfigFixture(folder).env("NATSJOB_SECRET_KEY", key);
        assertEquals(Optional.empty(), fixture.config().signingKey());
        String warning = fixture.draft().warnings().getFirst();
        assertTrue(warning.startsWith("NATSJOB_SECRET_KEY (environment) counts as not set: "), warning);
        assertFalse(warning.contains(key), warning);
    }

    @Test
    void a_published_key_is_known_by_its_sha256() {
        byte[] key = KEY.getBytes(StandardCharsets.UTF_8);
        String sha256 = "141aa6a92d03146948cf4e9e3a95cbd0a1fea429403530bd97dcaae437751a33";
        assertEquals("the published key that stands in every old configuration file", PublishedDefaults.keyReason(key, sha256));
        assertEquals(null, PublishedDefaults.keyReason(key, PublishedDefaults.KEY_SHA256));
        assertEquals("b532ce0ba2cc0998d4d2bfbe27f658bfcc01734bc6248fc0cdd825fb060ffcd7", PublishedDefaults.KEY_SHA256);
    }

    @Test
    void a_key_of_32_bytes_counts_in_whatever_script() {
        assertTrue(new ConfigFixture(folder).env("NATSJOB_SECRET_KEY", KEY).config().signingKey().isPresent());
        assertTrue(new ConfigFixture(folder).env("NATSJOB_SECRET_KEY", "任".repeat(11)).config().signingKey().isPresent());
    }
}
