#include "textflag.h"

// Every stub is 16 bytes long: stub i puts the func value at contexts[i] into the
// closure register and jumps to its code. Arguments stay where they are. R16 is
// free between functions.

#define S(i) MOVD ·contexts+(i)*8(SB), R26; MOVD (R26), R16; JMP (R16); PCALIGN $16;
#define S4(i) S(i) S(i+1) S(i+2) S(i+3)
#define S16(i) S4(i) S4(i+4) S4(i+8) S4(i+12)
#define S64(i) S16(i) S16(i+16) S16(i+32) S16(i+48)
#define S256(i) S64(i) S64(i+64) S64(i+128) S64(i+192)
#define S1024(i) S256(i) S256(i+256) S256(i+512) S256(i+768)
#define S4096(i) S1024(i) S1024(i+1024) S1024(i+2048) S1024(i+3072)

TEXT ·stubs(SB), NOSPLIT|NOFRAME, $0-0
	PCALIGN $16
	S4096(0)
	S4096(4096)
	S4096(8192)
	S4096(12288)
	S4096(16384)
	S4096(20480)
	S4096(24576)
	S4096(28672)
	RET

// func stubBase() uintptr
TEXT ·stubBase(SB), NOSPLIT, $0-8
	MOVD $·stubs(SB), R0
	MOVD R0, ret+0(FP)
	RET
