/**
 * The warehouse on this machine: DuckDB over files, with queries in the dialect of BigQuery.
 *
 * <p>{@link DuckDbSql} translates the tokens of a query ({@code SqlTokens}) from GoogleSQL, or refuses one with its position.
 * {@link DuckDbTree} gives operators and casts the meaning that they have in BigQuery, with the macros of {@code google-functions.sql}.
 * {@link SqlFunctions} holds the functions that may be called.
 *
 * <p>{@link OpenTables} opens the tables that a query names ({@link QueryTables}, {@link TableFiles}). {@link CsvRows} (FastCSV) and
 * {@link JsonLinesRows} (Jackson) read every value as it is written. {@link TextTable} keeps the values as text, and gives each column the
 * type that all its values have ({@link ColumnType}, {@link TableSchema}). DuckDB reads Parquet files itself.
 *
 * <p>{@link ExtractLocally} refuses keys that are null or occur twice. Each partition becomes a Parquet file, ordered by key, in a folder
 * that appears by one rename ({@link PinnedFolder}). {@link LoadLocally} makes the table's Parquet file again, compares the row count with
 * the manifest, and renames the file into place. The file's metadata holds the id of the load.
 */
@NullMarked
package io.modelbatch.warehouse.local;

import org.jspecify.annotations.NullMarked;
