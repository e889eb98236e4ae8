package io.modelbatch.warehouse.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelbatch.warehouse.QueryText;
import io.modelbatch.warehouse.WarehouseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryTextTest {
    @Test
    void eachUseOfAParameterIsNamed() {
        QueryText query = QueryText.of("SELECT @b AS k FROM t WHERE x = @a AND y>@b_2");

        assertThat(query.sql()).isEqualTo("SELECT @b AS k FROM t WHERE x = @a AND y>@b_2");
        assertThat(query.parameters()).containsExactly("b", "a", "b_2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT '@a'",
                "SELECT 'anna@example.com'",
                "SELECT 'it\\'s @a'",
                "SELECT \"it's @a\"",
                "SELECT \"a \\\" @a\"",
                "SELECT '''it's @a ''\n@a'''",
                "SELECT \"\"\"a \"\" @a \\\"\"\" @a\"\"\"",
                "SELECT r'\\' @a'",
                "SELECT b\"@a\"",
                "SELECT '-- @a'",
                "SELECT '/* @a'",
                "SELECT '# @a'",
                "SELECT ';'",
                "SELECT x AS `@a`",
                "SELECT x AS `it's \"@a\"` ; --'",
                "SELECT 1 -- @a; 'it''s'",
                "SELECT 1 -- don't\n, 2",
                "SELECT 1 # don't @a\n, 2",
                "SELECT /* @a ; don't ` \" */ 1",
                "SELECT /* one\n-- two */ 1",
                "SELECT 4 / 2 * 3 - 1",
                "SELECT 'na\u00efve \ud83c\udf88 $1 \\\\'",
            })
    void literalsQuotedNamesAndCommentsHaveNoParameters(String sql) {
        assertThat(QueryText.of(sql).parameters()).isEmpty();
    }

    @Test
    void aCommentEndsWithItsLine() {
        assertThat(QueryText.of("SELECT 1 -- @a\n, @b").parameters()).containsExactly("b");
        assertThat(QueryText.of("SELECT 1 -- @a\r, @b").parameters()).containsExactly("b");
        assertThat(QueryText.of("SELECT 1 -- @a\r\n, @b").parameters()).containsExactly("b");
        assertThat(QueryText.of("SELECT 1 /* @a */, @b").parameters()).containsExactly("b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select 1",
                "WITH a AS (SELECT 1) SELECT * FROM a",
                "(SELECT 1) UNION ALL (SELECT 2)",
                "((SELECT 1))",
                "-- why\nSELECT 1",
                "# why\nSELECT 1",
                "/* why */ /* how */ SELECT 1",
                "-- why\r\n\r\n/* how */\n(SELECT 1)",
                "SELECT\n1",
            })
    void aQueryMayStartWithCommentsAndParentheses(String sql) {
        assertThat(QueryText.of(sql).parameters()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"SELECT 1;", "SELECT 1 ; \n", "SELECT 1;;", "SELECT 1; -- done; really", "SELECT 1;/* ; */"})
    void semicolonsAtTheEndAreDropped(String sql) {
        assertThat(QueryText.of(sql).sql().strip()).isEqualTo("SELECT 1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1; SELECT 2",
                "SELECT 1; DROP TABLE t;",
                "SELECT ';'; SELECT 2",
                "SELECT 1 -- one\n; SELECT 2",
                "SELECT 1 -- one\r; SELECT 2",
                "SELECT 1; -- one\nSELECT 2",
            })
    void severalStatementsAreRefused(String sql) {
        assertThatThrownBy(() -> QueryText.of(sql))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContaining("one SELECT")
                .hasMessageContaining("';'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DELETE FROM t",
                "CREATE TABLE a AS SELECT 1",
                "COPY (SELECT 1) TO 'x'",
                "ATTACH 'x'",
                "SET threads = 1",
                "INSTALL httpfs",
                "LOAD httpfs",
                "PRAGMA version",
                "-- SELECT 1",
                "/* SELECT 1",
                "SELECTED",
                ";",
                "",
            })
    void anythingButASelectIsRefused(String sql) {
        assertThatThrownBy(() -> QueryText.of(sql))
                .isInstanceOf(WarehouseException.class)
                .hasMessage("The query must be one SELECT, but it starts with '" + sql + "'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 'it's @a'",
                "SELECT 'anna",
                "SELECT \"a FROM t",
                "SELECT `a FROM t",
                "SELECT 1 /* @a",
                "SELECT 'a\\'",
                "SELECT '''a''",
                "SELECT 'one\ntwo'",
            })
    void aQuoteThatIsNeverClosedIsRefused(String sql) {
        assertThatThrownBy(() -> QueryText.of(sql))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContaining("never closes");
    }

    @Test
    void aTextThatIsNotClosedInItsLineIsNamedWithItsPlace() {
        assertThatThrownBy(() -> QueryText.of("SELECT\n  'one\ntwo', 'three'"))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContainingAll("line 2, column 3", "in its line", "'''");
    }

    @Test
    void longQueriesOverflowNoStack() {
        String text = "x".repeat(100_000);
        String sql = "SELECT '" + text + "', \"" + text + "\", '''" + "'' ".repeat(100_000) + "''', '"
                + "\\'".repeat(100_000) + "' /* " + text + " */ -- " + text;

        assertThat(QueryText.of(sql).sql()).isEqualTo(sql);
        assertThat(QueryText.of("-- why\n".repeat(20_000) + " ".repeat(100_000) + "(".repeat(10_000) + "SELECT @a; "
                                + "-- end\n".repeat(20_000))
                        .parameters())
                .containsExactly("a");
        assertThat(DuckDbSql.of(QueryText.tokens(sql))).hasSizeGreaterThan(400_000);
        assertThatThrownBy(() -> DuckDbSql.of(QueryText.tokens("(".repeat(10_000) + "SELECT 1" + ")".repeat(10_000))))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContainingAll("250 parentheses", "line 1, column 251");
    }
}
