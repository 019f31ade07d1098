"""A small network of ncnn, and the numbers that it takes."""

PARAM = """7767517
5 5
Input            data      0 1 data 0=8 1=8 2=3
Convolution      conv1     1 1 data a 0=4 1=3 4=1 5=1 6=108 9=1
PReLU            act1      1 1 a b 0=4
InnerProduct     fc        1 1 b c 0=10 1=1 2=2560
Softmax          prob      1 1 c out 0=0
"""
COUNT = 108 + 4 + 4 + 2560 + 10
BIN = bytes(4) + bytes(4 * 108) + bytes(4 * 4) + bytes(4 * 4) + bytes(4) + bytes(4 * 2560) + bytes(4 * 10)
FILES = {"net.param": PARAM, "net.bin": BIN}
