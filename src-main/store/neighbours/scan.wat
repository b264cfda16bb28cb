;; The scan over vectors, by hand. All addresses are bytes in one shared memory; a row's length is a multiple of 64 bytes (sixteen float32), a code's
;; one of 32, filled up with zeros. Loops run at least once: callers ask for one row or more. After a change: `node test/support/assemble.ts`.
(module
  (import "space" "memory" (memory 1 65536 shared))

  ;; The sum of the four lanes.
  (func $sum (param $v v128) (result f32)
    (f32.add
      (f32.add (f32x4.extract_lane 0 (local.get $v)) (f32x4.extract_lane 1 (local.get $v)))
      (f32.add (f32x4.extract_lane 2 (local.get $v)) (f32x4.extract_lane 3 (local.get $v)))))

  ;; out[row] = sum of query[i] * row[i], float32. Four sums run side by side, so that no addition waits for the one before.
  (func (export "dots") (param $query i32) (param $rows i32) (param $rowBytes i32) (param $count i32) (param $out i32)
    (local $q i32) (local $end i32) (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local.set $end (i32.add (local.get $query) (local.get $rowBytes)))
    (loop $row
      (local.set $q (local.get $query))
      (local.set $a (v128.const f32x4 0 0 0 0))
      (local.set $b (v128.const f32x4 0 0 0 0))
      (local.set $c (v128.const f32x4 0 0 0 0))
      (local.set $d (v128.const f32x4 0 0 0 0))
      (loop $part
        (local.set $a (f32x4.add (local.get $a) (f32x4.mul (v128.load (local.get $q)) (v128.load (local.get $rows)))))
        (local.set $b (f32x4.add (local.get $b) (f32x4.mul (v128.load offset=16 (local.get $q)) (v128.load offset=16 (local.get $rows)))))
        (local.set $c (f32x4.add (local.get $c) (f32x4.mul (v128.load offset=32 (local.get $q)) (v128.load offset=32 (local.get $rows)))))
        (local.set $d (f32x4.add (local.get $d) (f32x4.mul (v128.load offset=48 (local.get $q)) (v128.load offset=48 (local.get $rows)))))
        (local.set $rows (i32.add (local.get $rows) (i32.const 64)))
        (br_if $part (i32.lt_u (local.tee $q (i32.add (local.get $q) (i32.const 64))) (local.get $end))))
      (f32.store (local.get $out)
        (call $sum (f32x4.add (f32x4.add (local.get $a) (local.get $b)) (f32x4.add (local.get $c) (local.get $d)))))
      (local.set $out (i32.add (local.get $out) (i32.const 4)))
      (br_if $row (local.tee $count (i32.sub (local.get $count) (i32.const 1))))))

  ;; out[row * countA + a] = sum of a[i] * row[i], float32, for a block of rows that fits the nearest cache: four of the first with two rows at a time, so
  ;; that a number that was loaded is multiplied several times. `countA` is a multiple of four, `count` of two.
  (func (export "crossDots") (param $a i32) (param $countA i32) (param $rows i32) (param $count i32) (param $rowBytes i32) (param $out i32)
    (local $firstA i32) (local $endA i32) (local $row i32) (local $endRows i32) (local $at i32) (local $to i32) (local $ofRow i32)
    (local $a0 i32) (local $a1 i32) (local $a2 i32) (local $a3 i32)
    (local $x v128) (local $y v128) (local $q v128)
    (local $s0 v128) (local $s1 v128) (local $s2 v128) (local $s3 v128) (local $t0 v128) (local $t1 v128) (local $t2 v128) (local $t3 v128)
    (local.set $firstA (local.get $a))
    (local.set $endA (i32.add (local.get $a) (i32.mul (local.get $countA) (local.get $rowBytes))))
    (local.set $endRows (i32.add (local.get $rows) (i32.mul (local.get $count) (local.get $rowBytes))))
    (local.set $ofRow (i32.shl (local.get $countA) (i32.const 2)))
    (loop $four
      (local.set $a0 (local.get $firstA))
      (local.set $a1 (i32.add (local.get $a0) (local.get $rowBytes)))
      (local.set $a2 (i32.add (local.get $a1) (local.get $rowBytes)))
      (local.set $a3 (i32.add (local.get $a2) (local.get $rowBytes)))
      (local.set $row (local.get $rows))
      (local.set $to (local.get $out))
      (loop $two
        (local.set $s0 (v128.const f32x4 0 0 0 0))
        (local.set $s1 (v128.const f32x4 0 0 0 0))
        (local.set $s2 (v128.const f32x4 0 0 0 0))
        (local.set $s3 (v128.const f32x4 0 0 0 0))
        (local.set $t0 (v128.const f32x4 0 0 0 0))
        (local.set $t1 (v128.const f32x4 0 0 0 0))
        (local.set $t2 (v128.const f32x4 0 0 0 0))
        (local.set $t3 (v128.const f32x4 0 0 0 0))
        (local.set $at (i32.const 0))
        (loop $part
          (local.set $x (v128.load (i32.add (local.get $row) (local.get $at))))
          (local.set $y (v128.load (i32.add (i32.add (local.get $row) (local.get $rowBytes)) (local.get $at))))
          (local.set $q (v128.load (i32.add (local.get $a0) (local.get $at))))
          (local.set $s0 (f32x4.add (local.get $s0) (f32x4.mul (local.get $x) (local.get $q))))
          (local.set $t0 (f32x4.add (local.get $t0) (f32x4.mul (local.get $y) (local.get $q))))
          (local.set $q (v128.load (i32.add (local.get $a1) (local.get $at))))
          (local.set $s1 (f32x4.add (local.get $s1) (f32x4.mul (local.get $x) (local.get $q))))
          (local.set $t1 (f32x4.add (local.get $t1) (f32x4.mul (local.get $y) (local.get $q))))
          (local.set $q (v128.load (i32.add (local.get $a2) (local.get $at))))
          (local.set $s2 (f32x4.add (local.get $s2) (f32x4.mul (local.get $x) (local.get $q))))
          (local.set $t2 (f32x4.add (local.get $t2) (f32x4.mul (local.get $y) (local.get $q))))
          (local.set $q (v128.load (i32.add (local.get $a3) (local.get $at))))
          (local.set $s3 (f32x4.add (local.get $s3) (f32x4.mul (local.get $x) (local.get $q))))
          (local.set $t3 (f32x4.add (local.get $t3) (f32x4.mul (local.get $y) (local.get $q))))
          (br_if $part (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $rowBytes))))
        (f32.store (local.get $to) (call $sum (local.get $s0)))
        (f32.store offset=4 (local.get $to) (call $sum (local.get $s1)))
        (f32.store offset=8 (local.get $to) (call $sum (local.get $s2)))
        (f32.store offset=12 (local.get $to) (call $sum (local.get $s3)))
        (f32.store (i32.add (local.get $to) (local.get $ofRow)) (call $sum (local.get $t0)))
        (f32.store offset=4 (i32.add (local.get $to) (local.get $ofRow)) (call $sum (local.get $t1)))
        (f32.store offset=8 (i32.add (local.get $to) (local.get $ofRow)) (call $sum (local.get $t2)))
        (f32.store offset=12 (i32.add (local.get $to) (local.get $ofRow)) (call $sum (local.get $t3)))
        (local.set $to (i32.add (local.get $to) (i32.shl (local.get $ofRow) (i32.const 1))))
        (br_if $two (i32.lt_u (local.tee $row (i32.add (local.get $row) (i32.shl (local.get $rowBytes) (i32.const 1)))) (local.get $endRows))))
      (local.set $out (i32.add (local.get $out) (i32.const 16)))
      (br_if $four (i32.lt_u (local.tee $firstA (i32.add (local.get $firstA) (i32.shl (local.get $rowBytes) (i32.const 2)))) (local.get $endA)))))

  ;; out[row] = sum of query[i] * row[i], divided by the root of the sum of weights[i] * row[i]^2; 0 where that sum is 0. With the weights multiplied
  ;; into the query beforehand, and divided by its own weighted length, this is the cosine in which feature i counts weights[i] times.
  (func (export "weightedDots")
    (param $query i32) (param $weights i32) (param $rows i32) (param $rowBytes i32) (param $count i32) (param $out i32)
    (local $at i32) (local $x v128) (local $dot v128) (local $dot2 v128) (local $square v128) (local $square2 v128) (local $length f32)
    (loop $row
      (local.set $at (i32.const 0))
      (local.set $dot (v128.const f32x4 0 0 0 0))
      (local.set $dot2 (v128.const f32x4 0 0 0 0))
      (local.set $square (v128.const f32x4 0 0 0 0))
      (local.set $square2 (v128.const f32x4 0 0 0 0))
      (loop $part
        (local.set $x (v128.load (local.get $rows)))
        (local.set $dot (f32x4.add (local.get $dot) (f32x4.mul (v128.load (i32.add (local.get $query) (local.get $at))) (local.get $x))))
        (local.set $square
          (f32x4.add
            (local.get $square)
            (f32x4.mul (v128.load (i32.add (local.get $weights) (local.get $at))) (f32x4.mul (local.get $x) (local.get $x)))))
        (local.set $x (v128.load offset=16 (local.get $rows)))
        (local.set $dot2
          (f32x4.add (local.get $dot2) (f32x4.mul (v128.load offset=16 (i32.add (local.get $query) (local.get $at))) (local.get $x))))
        (local.set $square2
          (f32x4.add
            (local.get $square2)
            (f32x4.mul (v128.load offset=16 (i32.add (local.get $weights) (local.get $at))) (f32x4.mul (local.get $x) (local.get $x)))))
        (local.set $rows (i32.add (local.get $rows) (i32.const 32)))
        (br_if $part (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 32))) (local.get $rowBytes))))
      (local.set $length (f32.sqrt (call $sum (f32x4.add (local.get $square) (local.get $square2)))))
      (f32.store (local.get $out)
        (select
          (f32.div (call $sum (f32x4.add (local.get $dot) (local.get $dot2))) (local.get $length))
          (f32.const 0)
          (f32.gt (local.get $length) (f32.const 0))))
      (local.set $out (i32.add (local.get $out) (i32.const 4)))
      (br_if $row (local.tee $count (i32.sub (local.get $count) (i32.const 1))))))

  ;; out[row] = queryScale * (scale * (sum of query[i] * code[i]) - offset) + (sum of queryLead[i] * lead[i]), for int8 codes, a query of 1 to 127,
  ;; and four float32 of each that lead. Scale, offset and the four lie in groups of four rows: four scales, four offsets, and so on. Of the
  ;; last group, up to three rows behind the count get scores without a meaning. `scan-relaxed.wat` does the same with the machine's own instruction
  ;; for it; this is for machines that have none.
  (func (export "codeScores")
    (param $query i32) (param $queryLead i32) (param $queryScale f32) (param $codes i32) (param $rowBytes i32) (param $count i32)
    (param $groups i32) (param $out i32)
    (local $q i32) (local $end i32)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128) (local $x v128)
    (local $scale v128) (local $lead0 v128) (local $lead1 v128) (local $lead2 v128) (local $lead3 v128)
    (local.set $end (i32.add (local.get $query) (local.get $rowBytes)))
    (local.set $scale (f32x4.splat (local.get $queryScale)))
    (local.set $lead0 (v128.load32_splat (local.get $queryLead)))
    (local.set $lead1 (v128.load32_splat offset=4 (local.get $queryLead)))
    (local.set $lead2 (v128.load32_splat offset=8 (local.get $queryLead)))
    (local.set $lead3 (v128.load32_splat offset=12 (local.get $queryLead)))
    (loop $rows
      ;; One row after the other, so that memory is read straight on.
      (local.set $a (v128.const i32x4 0 0 0 0))
      (local.set $q (local.get $query))
      (loop $part
        (local.set $a
          (i32x4.add
            (local.get $a)
            (i32x4.add
              (i32x4.dot_i16x8_s (v128.load8x8_s (local.get $codes)) (v128.load8x8_s (local.get $q)))
              (i32x4.dot_i16x8_s (v128.load8x8_s offset=8 (local.get $codes)) (v128.load8x8_s offset=8 (local.get $q))))))
        (local.set $codes (i32.add (local.get $codes) (i32.const 16)))
        (br_if $part (i32.lt_u (local.tee $q (i32.add (local.get $q) (i32.const 16))) (local.get $end))))
      (local.set $b (v128.const i32x4 0 0 0 0))
      (local.set $q (local.get $query))
      (loop $part
        (local.set $b
          (i32x4.add
            (local.get $b)
            (i32x4.add
              (i32x4.dot_i16x8_s (v128.load8x8_s (local.get $codes)) (v128.load8x8_s (local.get $q)))
              (i32x4.dot_i16x8_s (v128.load8x8_s offset=8 (local.get $codes)) (v128.load8x8_s offset=8 (local.get $q))))))
        (local.set $codes (i32.add (local.get $codes) (i32.const 16)))
        (br_if $part (i32.lt_u (local.tee $q (i32.add (local.get $q) (i32.const 16))) (local.get $end))))
      (local.set $c (v128.const i32x4 0 0 0 0))
      (local.set $q (local.get $query))
      (loop $part
        (local.set $c
          (i32x4.add
            (local.get $c)
            (i32x4.add
              (i32x4.dot_i16x8_s (v128.load8x8_s (local.get $codes)) (v128.load8x8_s (local.get $q)))
              (i32x4.dot_i16x8_s (v128.load8x8_s offset=8 (local.get $codes)) (v128.load8x8_s offset=8 (local.get $q))))))
        (local.set $codes (i32.add (local.get $codes) (i32.const 16)))
        (br_if $part (i32.lt_u (local.tee $q (i32.add (local.get $q) (i32.const 16))) (local.get $end))))
      (local.set $d (v128.const i32x4 0 0 0 0))
      (local.set $q (local.get $query))
      (loop $part
        (local.set $d
          (i32x4.add
            (local.get $d)
            (i32x4.add
              (i32x4.dot_i16x8_s (v128.load8x8_s (local.get $codes)) (v128.load8x8_s (local.get $q)))
              (i32x4.dot_i16x8_s (v128.load8x8_s offset=8 (local.get $codes)) (v128.load8x8_s offset=8 (local.get $q))))))
        (local.set $codes (i32.add (local.get $codes) (i32.const 16)))
        (br_if $part (i32.lt_u (local.tee $q (i32.add (local.get $q) (i32.const 16))) (local.get $end))))
      ;; Adds up each of the four by laying them across.
      (local.set $x
        (i32x4.add
          (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $a) (local.get $b))
          (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $a) (local.get $b))))
      (local.set $c
        (i32x4.add
          (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $c) (local.get $d))
          (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $c) (local.get $d))))
      (local.set $x
        (i32x4.add
          (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $x) (local.get $c))
          (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $x) (local.get $c))))
      (v128.store (local.get $out)
        (f32x4.add
          (f32x4.mul
            (local.get $scale)
            (f32x4.sub
              (f32x4.mul (v128.load (local.get $groups)) (f32x4.convert_i32x4_s (local.get $x)))
              (v128.load offset=16 (local.get $groups))))
          (f32x4.add
            (f32x4.add
              (f32x4.mul (local.get $lead0) (v128.load offset=32 (local.get $groups)))
              (f32x4.mul (local.get $lead1) (v128.load offset=48 (local.get $groups))))
            (f32x4.add
              (f32x4.mul (local.get $lead2) (v128.load offset=64 (local.get $groups)))
              (f32x4.mul (local.get $lead3) (v128.load offset=80 (local.get $groups)))))))
      (local.set $groups (i32.add (local.get $groups) (i32.const 96)))
      (local.set $out (i32.add (local.get $out) (i32.const 16)))
      (br_if $rows (i32.gt_s (local.tee $count (i32.sub (local.get $count) (i32.const 4))) (i32.const 0)))))

  ;; Writes the numbers (from 0) of the scores that reach a threshold, returns how many. `count` is a multiple of 4; scores that are no numbers reach
  ;; nothing. Most groups of four hold none, and are passed with one comparison.
  (func (export "reaching") (param $scores i32) (param $count i32) (param $threshold f32) (param $out i32) (result i32)
    (local $i i32) (local $mask i32) (local $first i32) (local $limit v128)
    (local.set $first (local.get $out))
    (local.set $limit (f32x4.splat (local.get $threshold)))
    (loop $four
      (if
        (local.tee $mask (i32x4.bitmask (f32x4.ge (v128.load (local.get $scores)) (local.get $limit))))
        (then
          (loop $one
            (i32.store (local.get $out) (i32.add (local.get $i) (i32.ctz (local.get $mask))))
            (local.set $out (i32.add (local.get $out) (i32.const 4)))
            (br_if $one (local.tee $mask (i32.and (local.get $mask) (i32.sub (local.get $mask) (i32.const 1))))))))
      (local.set $scores (i32.add (local.get $scores) (i32.const 16)))
      (br_if $four (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 4))) (local.get $count))))
    (i32.shr_u (i32.sub (local.get $out) (local.get $first)) (i32.const 2)))

  ;; Subtracts the mean from every row and brings it to length 1, in place. A row that has no length, or one that is no number, becomes zeros.
  (func (export "centre") (param $rows i32) (param $rowBytes i32) (param $count i32) (param $mean i32)
    (local $at i32) (local $x v128) (local $square v128) (local $length f32) (local $factor v128)
    (loop $row
      (local.set $at (i32.const 0))
      (local.set $square (v128.const f32x4 0 0 0 0))
      (loop $part
        (local.set $x
          (f32x4.sub (v128.load (i32.add (local.get $rows) (local.get $at))) (v128.load (i32.add (local.get $mean) (local.get $at)))))
        (v128.store (i32.add (local.get $rows) (local.get $at)) (local.get $x))
        (local.set $square (f32x4.add (local.get $square) (f32x4.mul (local.get $x) (local.get $x))))
        (br_if $part (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $rowBytes))))
      (local.set $length (f32.sqrt (call $sum (local.get $square))))
      (if
        (i32.and (f32.gt (local.get $length) (f32.const 0)) (f32.lt (local.get $length) (f32.const inf)))
        (then
          (local.set $factor (f32x4.splat (f32.div (f32.const 1) (local.get $length))))
          (local.set $at (i32.const 0))
          (loop $scale
            (v128.store
              (i32.add (local.get $rows) (local.get $at))
              (f32x4.mul (v128.load (i32.add (local.get $rows) (local.get $at))) (local.get $factor)))
            (br_if $scale (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $rowBytes)))))
        (else (memory.fill (local.get $rows) (i32.const 0) (local.get $rowBytes))))
      (local.set $rows (i32.add (local.get $rows) (local.get $rowBytes)))
      (br_if $row (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))))
