package io.natsjob.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.ZoneId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Go's driver reads and writes MySQL's times in the zone of {@code loc}, in UTC without it. */
final class OriginalZoneTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "mysql|root:pw@tcp(h:1)/d?charset=utf8mb4&parseTime=True&loc=Local|Europe/Athens",
        "mysql|root:pw@tcp(h:1)/d?parseTime=True|UTC",
        "mysql|root:pw@tcp(h:1)/d|UTC",
        "mysql|root:pw@tcp(h:1)/d?loc=Asia%2FShanghai|Asia/Shanghai",
        "mysql|root:pw@tcp(h:1)/d?loc=UTC&loc=Asia%2FShanghai|Asia/Shanghai",
        "mysql|root:pw@tcp(h:1)/d?loc=Mars|Europe/Athens",
        "mysql|jdbc:mysql://h/d?user=root&password=pw|Europe/Athens",
        "postgres|host=h user=u password=pw TimeZone=Asia/Shanghai|Europe/Athens",
        "sqlite|data/natsjob.db|Europe/Athens"
    })
    void is_that_of_loc(String type, String url, String zone) {
        assertEquals(ZoneId.of(zone), OriginalZone.of(new StoreOptions(type, url, 1), ZoneId.of("Europe/Athens")));
    }
}
