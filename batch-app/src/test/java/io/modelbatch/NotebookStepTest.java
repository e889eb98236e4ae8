package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.CommandLine.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Steps {@code notebook} of jobs, with papermill and its kernels. */
class NotebookStepTest {
    private static final int FAILED = 1;
    private static final int FAILED_FOR_GOOD = 3;

    @TempDir
    private Path folder;

    private CommandLine shop;

    @BeforeEach
    void open() {
        shop = new CommandLine(folder);
    }

    /** Also with a name that papermill would take for a pattern, and a module that has the name of one that papermill imports. */
    @Test
    @Python.Needed
    void parametersModulesAndFiles() throws IOException {
        notebook(
                "notes/a {b} 'c'",
                "import own, click\nassert own.doubled(limit) == 10 and click.IS_OWN",
                "assert (type(limit), type(rate), type(whole), flag) == (int, float, float, True)",
                "assert text == 'é日本😀\"\\\\ \\n{x} ${y} yes' and date == '2026-03-31' and code == '007'",
                "import os, pathlib\nassert os.environ['HF_HUB_OFFLINE'] == '1' and 'MODELBATCH_PYTHON' not in os.environ",
                "assert pathlib.Path('inputs/prices/a.txt').read_text() == '7'",
                "open('result.txt', 'w').write(text)");
        write("mine/prices/a.txt", "sample");
        Files.createSymbolicLink(folder.resolve("job-configs/notes/inputs"), folder.resolve("mine"));
        write("local/buckets/shop/prices/a.txt", "7");
        write("job-configs/notes/own.py", "def doubled(x): return 2 * x");
        write("job-configs/notes/click.py", "IS_OWN = True");
        shop.job("job", """
                parameters:
                  date: { type: date }
                  limit: { type: int64, default: 5 }
                steps:
                  - notebook:
                      notebook: "notes/a {b} 'c'.ipynb"
                      parameters:
                        date: ${date}
                        limit: ${limit}
                        rate: 5e-1
                        whole: 1e10
                        flag: true
                        code: 007
                        text: "é日本😀\\"\\\\ \\n{x} $${y} yes"
                      inputs: { prices: gs://shop/prices }
                      outputs: gs://shop/notes/${date}
                """);

        Ended ended = shop.run("job=job", "date=2026-03-31");

        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(ended.output())
                .contains("\"line\":\"[cell 2]\"", "\"line\":\"[cell 8]\"")
                .doesNotContain("[cell 1]", "[cell 9]");
        assertThat(shop.bucket("shop/notes/2026-03-31"))
                .isDirectoryContaining(file -> file.endsWith("result.txt"))
                .isDirectoryContaining(file -> file.endsWith("a {b} 'c'.ipynb"))
                .isDirectoryContaining(file -> file.endsWith("a {b} 'c'.html"))
                .isDirectoryNotContaining(file -> file.toString().endsWith(".py"))
                .isDirectoryNotContaining(file -> file.endsWith("__pycache__"))
                .isDirectoryNotContaining(file -> file.endsWith("inputs"));
        assertThat(folder.resolve("mine/prices/a.txt")).hasContent("sample");
        assertThat(shop.run("report", "--json").output())
                .contains("\"cells\" : 8", "\"completed\" : 8", "gs://shop/notes/2026-03-31/a {b} 'c'.html");
    }

    @Test
    @Python.Needed
    void aFailingCellIsNamedAndTheCorrectedNotebookIsExecuted() throws IOException {
        notebook("prices", "prices = [3]\n\nlast = prices[7]", "open('done', 'w').write('x')");
        shop.job("job", "steps: [ { notebook: { notebook: prices.ipynb } } ]");

        Ended failed = shop.run("job=job");

        assertThat(failed.exit()).as(failed.words()).isEqualTo(FAILED_FOR_GOOD);
        assertThat(failed.words())
                .contains(
                        "prices.ipynb failed in cell 3 (In [2]): IndexError: list index out of range, at 'last = prices[7]'");
        String html = Files.readString(runFile("prices.html"));
        assertThat(html).contains("IndexError").doesNotContain("<script src", "cdnjs", "unpkg");

        notebook("prices", "last = 3", "open('done', 'w').write('x')");
        Ended ended = shop.run("job=job");

        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(Files.readString(runFile("prices.html"))).doesNotContain("IndexError");
    }

    @Test
    @Python.Needed
    void exitCodesOfTheNotebookAndItsKernel() throws IOException {
        notebook(
                "report",
                "import os, sys\nif not os.path.exists('tried'):\n    open('tried', 'w').close()\n    sys.exit(75)",
                "os._exit(9)");
        shop.job("job", "steps: [ { notebook: { notebook: report.ipynb, retries: 1, retry-on: [75] } } ]");

        Ended ended = shop.run("job=job");

        assertThat(ended.exit()).as(ended.words()).isEqualTo(FAILED_FOR_GOOD);
        assertThat(ended.words())
                .contains(
                        "[exit code 75, retry 1 of 1 in 1 s]",
                        "The kernel of report.ipynb died in cell 4",
                        "which begins with 'os._exit(9)'");
    }

    @Test
    @Python.Needed
    void aCellThatNeverEnds() throws IOException {
        notebook("report", "import time\ntime.sleep(600)");
        shop.job("job", "steps: [ { notebook: { notebook: report.ipynb, timeout: 20s, outputs: gs://shop/notes } } ]");

        Ended ended = shop.run("job=job");

        assertThat(ended.exit()).as(ended.words()).isEqualTo(FAILED);
        assertThat(ended.words())
                .contains(
                        "report.ipynb was ended after its timeout of 20s in cell 3", "which begins with 'import time'");
        assertThat(shop.bucket("shop/notes/report.ipynb")).exists();
    }

    @Test
    @Python.Needed
    void badNotebooksAreFoundByCheck() throws IOException {
        write("job-configs/text.ipynb", "not json");
        write("job-configs/list.ipynb", "[]");
        write("job-configs/other.ipynb", "{\"a\": 1}");
        write(
                "job-configs/old.ipynb",
                "{\"nbformat\": 3, \"nbformat_minor\": 0, \"metadata\": {}, \"worksheets\": []}");
        write("job-configs/bare.ipynb", "{\"nbformat\": 4, \"nbformat_minor\": 5, \"metadata\": {}, \"cells\": []}");
        NotebookFile.named("strange").of("ir-4").write(folder.resolve("job-configs"));
        Map<String, String> wrong = Map.of(
                "text", "text.ipynb is not a notebook: Unrecognized token",
                "list", "list.ipynb is not a notebook",
                "other", "other.ipynb is JSON, but not a notebook: it has no 'nbformat'",
                "old", "jupyter nbconvert --to notebook --inplace '",
                "bare", "bare.ipynb does not name its kernel. Name one in the job file, such as kernel: python3",
                "strange", "The kernel 'ir-4' is not installed; installed: python3",
                "absent", "The notebook 'absent.ipynb' does not exist");
        wrong.keySet().forEach(name -> shop.job(name, "steps: [ { notebook: { notebook: " + name + ".ipynb } } ]"));

        Ended ended = shop.run("check");

        assertThat(ended.exit()).as(ended.words()).isNotZero();
        assertThat(ended.words()).contains(wrong.values());
    }

    /** The notebook's own values would win over those of the job. No step before it runs in vain. */
    @Test
    @Python.Needed
    void parametersNeedTheirCell() throws IOException {
        NotebookFile.named("report").code("date = '2020-01-01'").write(folder.resolve("job-configs"));
        shop.job("job", """
                steps:
                  - command: { run: [sh, -c, "echo ran > $MODELBATCH_WORKSPACE/ran"], outputs: gs://shop/out }
                  - notebook: { notebook: report.ipynb, parameters: { date: 2026-03-31 } }
                """);

        Ended refused = shop.run("job=job");

        assertThat(refused.exit()).as(refused.words()).isEqualTo(FAILED_FOR_GOOD);
        assertThat(refused.words()).contains("has no cell with the tag 'parameters'");
        assertThat(shop.bucket("shop/out")).doesNotExist();
    }

    @Test
    void mistakesOfTheJobFile() {
        shop.job(
                "job",
                "steps: [ { notebook: { notebook: report.py, kernel: -x y, parameters: { a-b: 1, c: [1], d: } } } ]");

        Ended ended = shop.run("job=job");

        assertThat(ended.exit()).isEqualTo(2);
        assertThat(ended.words())
                .contains(
                        "steps[0].notebook.kernel: must be the name of a kernel, such as python3",
                        "steps[0].notebook.parameters.c: must be a text, a number, or true or false, not a list",
                        "steps[0].notebook.parameters.d: has no value; must be a text, a number, or true or false");
    }

    /** A notebook with a title, a cell of parameters and these cells. */
    private void notebook(String name, String... cells) throws IOException {
        NotebookFile notebook = NotebookFile.named(name).code("date = limit = text = None", "parameters");
        for (String cell : cells) {
            notebook = notebook.code(cell);
        }
        notebook.write(folder.resolve("job-configs"));
    }

    private void write(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private Path runFile(String name) throws IOException {
        try (var files = Files.walk(shop.bucket("modelbatch/runs"))) {
            return files.filter(file -> file.endsWith(name)).findFirst().orElseThrow();
        }
    }
}
