package io.modelbatch;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.PackageTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** The texts in sources, as the compiler's parser reads them: literals with what is appended to them, Javadoc, and comments. */
final class SourceWords {
    private static final Pattern COMMENT = Pattern.compile("(?:^|[;{})\\]>,(+?:] *)// (.*)$");

    private final Path folder;
    private final List<Text> literals = new ArrayList<>();
    private final List<Text> javadoc = new ArrayList<>();
    private final List<Text> comments = new ArrayList<>();

    /**
     * A text in a source file.
     *
     * @param place file and line
     * @param text in one line; {@code {}} stands for a value
     */
    record Text(String place, String text) {
        @Override
        public String toString() {
            return place + ": " + text;
        }
    }

    private SourceWords(Path folder) {
        this.folder = folder;
    }

    /** Reads all sources below a folder. */
    static SourceWords below(Path folder) throws IOException {
        SourceWords words = new SourceWords(folder);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
                Stream<Path> all = Files.walk(folder)) {
            List<Path> sources = all.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
            JavacTask task = (JavacTask) compiler.getTask(
                    null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(sources));
            for (CompilationUnitTree unit : task.parse()) {
                words.new Scanner(unit, DocTrees.instance(task)).scan(unit, null);
            }
            for (Path source : sources) {
                words.readComments(source);
            }
        }
        return words;
    }

    List<Text> literals() {
        return literals;
    }

    List<Text> javadoc() {
        return javadoc;
    }

    List<Text> comments() {
        return comments;
    }

    private void readComments(Path source) throws IOException {
        List<String> lines = Files.readAllLines(source);
        for (int i = 0; i < lines.size(); i++) {
            String place = folder.relativize(source) + ":" + (i + 1);
            COMMENT.matcher(lines.get(i).strip())
                    .results()
                    .forEach(found -> comments.add(new Text(place, found.group(1))));
        }
    }

    private final class Scanner extends TreePathScanner<@Nullable Void, @Nullable Void> {
        private final CompilationUnitTree unit;
        private final DocTrees trees;

        Scanner(CompilationUnitTree unit, DocTrees trees) {
            this.unit = unit;
            this.trees = trees;
        }

        @Override
        public @Nullable Void visitBinary(BinaryTree tree, @Nullable Void unused) {
            return hasText(tree) ? literal(tree) : super.visitBinary(tree, unused);
        }

        @Override
        public @Nullable Void visitConditionalExpression(ConditionalExpressionTree tree, @Nullable Void unused) {
            return hasText(tree) ? literal(tree) : super.visitConditionalExpression(tree, unused);
        }

        @Override
        public @Nullable Void visitLiteral(LiteralTree tree, @Nullable Void unused) {
            return hasText(tree) ? literal(tree) : null;
        }

        @Override
        public @Nullable Void visitPackage(PackageTree tree, @Nullable Void unused) {
            documented(tree);
            return super.visitPackage(tree, unused);
        }

        @Override
        public @Nullable Void visitClass(ClassTree tree, @Nullable Void unused) {
            documented(tree);
            return super.visitClass(tree, unused);
        }

        @Override
        public @Nullable Void visitMethod(MethodTree tree, @Nullable Void unused) {
            documented(tree);
            return super.visitMethod(tree, unused);
        }

        @Override
        public @Nullable Void visitVariable(VariableTree tree, @Nullable Void unused) {
            documented(tree);
            return super.visitVariable(tree, unused);
        }

        private void documented(Tree tree) {
            String comment = trees.getDocComment(getCurrentPath());
            if (comment != null) {
                javadoc.add(new Text(place(tree), comment.strip().replaceAll("\\s+", " ")));
            }
        }

        private @Nullable Void literal(Tree tree) {
            literals.add(new Text(place(tree), text(tree).replace("\n", "\\n")));
            values(tree);
            return null;
        }

        private String place(Tree tree) {
            long start = trees.getSourcePositions().getStartPosition(unit, tree);
            Path file = folder.toAbsolutePath()
                    .relativize(Path.of(unit.getSourceFile().toUri()));
            return file + ":" + unit.getLineMap().getLineNumber(start);
        }

        private String text(Tree tree) {
            if (tree instanceof LiteralTree literal && literal.getValue() instanceof String text) {
                return text;
            } else if (tree instanceof ParenthesizedTree parentheses) {
                return text(parentheses.getExpression());
            } else if (tree instanceof BinaryTree sum && tree.getKind() == Tree.Kind.PLUS) {
                return text(sum.getLeftOperand()) + text(sum.getRightOperand());
            } else if (tree instanceof ConditionalExpressionTree choice && hasText(choice)) {
                return "[" + text(choice.getTrueExpression()) + "|" + text(choice.getFalseExpression()) + "]";
            }
            return "{}";
        }

        /** The values in a text may have texts in their turn. */
        private void values(Tree tree) {
            if (tree instanceof ParenthesizedTree parentheses) {
                values(parentheses.getExpression());
            } else if (tree instanceof BinaryTree sum && tree.getKind() == Tree.Kind.PLUS) {
                values(sum.getLeftOperand());
                values(sum.getRightOperand());
            } else if (tree instanceof ConditionalExpressionTree choice && hasText(choice)) {
                scan(choice.getCondition(), null);
                values(choice.getTrueExpression());
                values(choice.getFalseExpression());
            } else if (!(tree instanceof LiteralTree)) {
                scan(tree, null);
            }
        }

        private static boolean hasText(Tree tree) {
            if (tree instanceof LiteralTree literal) {
                return literal.getValue() instanceof String;
            } else if (tree instanceof ParenthesizedTree parentheses) {
                return hasText(parentheses.getExpression());
            } else if (tree instanceof ConditionalExpressionTree choice) {
                return hasText(choice.getTrueExpression()) || hasText(choice.getFalseExpression());
            }
            return tree instanceof BinaryTree sum
                    && tree.getKind() == Tree.Kind.PLUS
                    && (hasText(sum.getLeftOperand()) || hasText(sum.getRightOperand()));
        }
    }
}
