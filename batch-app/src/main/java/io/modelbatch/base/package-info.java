/**
 * The few classes that every package may need. Imports nothing of this project; a library comes first.
 *
 * <p>Hashes, thread factories and chains of causes come from Guava. This package adds what no library has: files that appear whole
 * ({@link AtomicFile}), sizes as text ({@link ByteSize}), and exceptions for the user ({@link Explained}, {@link Remedy}).
 */
@NullMarked
package io.modelbatch.base;

import org.jspecify.annotations.NullMarked;
