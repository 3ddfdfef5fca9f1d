"""What jupyter_kernel_test asks of every kernel, with cells in Go."""

import jupyter_kernel_test


class KernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = "chanbook"
    language_name = "go"
    file_extension = ".go"

    code_hello_world = 'fmt.Println("hello, world")'
    code_stderr = 'fmt.Fprintln(os.Stderr, "oops")'
    completion_samples = [
        {"text": "fmt.Prin", "matches": {"Print", "Printf", "Println"}},
        {"text": "x := strings.ToUp", "matches": {"ToUpper", "ToUpperSpecial"}},
        {"text": "var wg sync.WaitGroup\nwg.", "matches": {"Add", "Done", "Go", "Wait"}},
    ]
    complete_code_samples = ["1", "x := 1", 'fmt.Println("hello")', "for i := range 3 {\n\tfmt.Println(i)\n}", "%help", ""]
    incomplete_code_samples = ["func f() {", "fmt.Println(", "x := []int{1,", "if true {\n\tx()", "/* a comment", "s := `raw"]
    invalid_code_samples = ["x := := 1", "for {]", "func 1() {}", ")"]
    code_page_something = "%help"
    code_generate_error = "undefinedName"
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": '"a" + "b"', "result": "ab"},
        {"code": "[]int{1, 2, 3}", "result": "[1 2 3]"},
        {"code": "struct{ X, Y int }{1, 2}", "result": "{X:1 Y:2}"},
        {"code": "1 << 10 // history", "result": "1024"},
    ]
    code_display_data = [
        {"code": 'import "chanbook/show"\nshow.HTML("<b>bold</b>")', "mime": "text/html"},
        {"code": 'show.Markdown("**bold**")', "mime": "text/markdown"},
        {"code": "show.SVG(`<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>`)", "mime": "text/html"},
        {"code": "show.Table([]struct{ N int }{{1}, {2}})", "mime": "text/html"},
        {"code": "show.Image(image.NewGray(image.Rect(0, 0, 2, 2)))", "mime": "image/png"},
    ]
    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "1 << 10*"
    code_inspect_sample = "fmt.Println"
    code_clear_output = "show.Clear()"


class IopubWelcomeTests(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "chanbook"
    support_iopub_welcome = True


del jupyter_kernel_test
