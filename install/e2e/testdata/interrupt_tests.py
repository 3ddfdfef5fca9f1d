"""An interrupt ends every cell that waits or runs for ever, and the session is
still there afterwards."""

from kernel_client import KernelTestCase

ENDLESS = {
    "loop": "for {}",
    "loop that calls": "n := 0\nfor { n = max(n, 1) }",
    "loop in a function": "func spin() { for {} }\nspin()",
    "loop that prints": 'for { fmt.Print(".") }',
    "sleep": "time.Sleep(time.Hour)",
    "select": "select {}",
    "receive": "ch := make(chan int)\n<-ch",
    "send": "ch := make(chan int)\nch <- 1",
    "receive from nil": "var none chan int\n<-none",
    "range": "for range make(chan int) {}",
    "mutex": "var mu sync.Mutex\nmu.Lock()\nmu.Lock()",
    "reader": "var rw sync.RWMutex\nrw.Lock()\nrw.RLock()",
    "wait group": "var wg sync.WaitGroup\nwg.Add(1)\nwg.Wait()",
    "condition": "cond := sync.NewCond(&sync.Mutex{})\ncond.L.Lock()\ncond.Wait()",
    "accept": 'l, _ := net.Listen("tcp", "127.0.0.1:0")\nl.Accept()',
    "child": 'exec.Command("sleep", "3600").Run()',
    "with goroutines": "for range 100 { go func() { for { time.Sleep(time.Millisecond) } }() }\nselect {}",
}


class InterruptTests(KernelTestCase):
    def test_each_ends_and_the_session_stays(self):
        self.ok(self.front.run("kept := 42"))
        for name, code in ENDLESS.items():
            with self.subTest(name):
                request = self.front.start(code)
                self.manager.interrupt_kernel()
                run = self.failed(self.front.result(request))
                self.assertIn("interrupted", run.reply["evalue"])
                self.assertRegex(run.traceback(), r"In\[\d+\]:\d+")
                self.assertEqual(self.ok(self.front.run("kept")).value(), "42")

    def test_a_deferred_call_ends(self):
        self.ok(self.front.run("kept := 42"))
        request = self.front.start("defer func() { select {} }()")
        self.manager.interrupt_kernel()
        self.assertIn("interrupted", self.failed(self.front.result(request)).reply["evalue"])
        self.assertEqual(self.ok(self.front.run("kept")).value(), "42")

    def test_nothing_runs(self):
        self.ok(self.front.run("kept := 42"))
        self.assertEqual(self.front.control("interrupt_request", {}), {"status": "ok"})
        self.assertEqual(self.ok(self.front.run("kept")).value(), "42")

    def test_a_program_is_interrupted(self):
        request = self.front.client.execute('package main\n\nimport "fmt"\n\nfunc main() {\n\tfmt.Println("running")\n\tselect {}\n}')
        self.front.published(lambda m: m["msg_type"] == "stream")
        self.manager.interrupt_kernel()
        self.failed(self.front.result(request))
        self.assertEqual(self.ok(self.front.run("6 * 7")).value(), "42")
