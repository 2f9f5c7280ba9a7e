/* Every function of GLFW that is called jumps on to the library's own, whose address load_glfw() puts into the table
   below. So the program itself needs no library of a display, and its commands run where there is none. */
#define ADDRESS(name) twice_address_of_##name

#if defined(__x86_64__)
#define GLFW_CALL(name) .globl name; .type name, @function; .balign 16; name: endbr64; jmp *ADDRESS(name)(%rip); .size name, .-name
#elif defined(__aarch64__)
#define GLFW_CALL(name) .globl name; .type name, %function; .balign 16; name: hint 34; adrp x16, ADDRESS(name); ldr x16, [x16, :lo12:ADDRESS(name)]; br x16; .size name, .-name
#else
#error "no jumps for this processor: link GLFW instead"
#endif
  .text
#include "glfw_calls.inc"
#undef GLFW_CALL

#define GLFW_CALL(name) ADDRESS(name): .quad 0
  .data
  .balign 8
  .globl twice_glfw_addresses
twice_glfw_addresses:
#include "glfw_calls.inc"

  .section .note.GNU-stack,"",%progbits
