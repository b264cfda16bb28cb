;; What of `scan.wat` is quicker with relaxed SIMD, whose instructions are the machine's own.
(module
  (import "space" "memory" (memory 1 65536 shared))

  ;; The sum of the four lanes.
  (func $sum (param $v v128) (result f32)
    (f32.add
      (f32.add (f32x4.extract_lane 0 (local.get $v)) (f32x4.extract_lane 1 (local.get $v)))
      (f32.add (f32x4.extract_lane 2 (local.get $v)) (f32x4.extract_lane 3 (local.get $v)))))

  ;; `crossDots`: products are added without being rounded before, where the machine can.
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
          (local.set $s0 (f32x4.relaxed_madd (local.get $x) (local.get $q) (local.get $s0)))
          (local.set $t0 (f32x4.relaxed_madd (local.get $y) (local.get $q) (local.get $t0)))
          (local.set $q (v128.load (i32.add (local.get $a1) (local.get $at))))
          (local.set $s1 (f32x4.relaxed_madd (local.get $x) (local.get $q) (local.get $s1)))
          (local.set $t1 (f32x4.relaxed_madd (local.get $y) (local.get $q) (local.get $t1)))
          (local.set $q (v128.load (i32.add (local.get $a2) (local.get $at))))
          (local.set $s2 (f32x4.relaxed_madd (local.get $x) (local.get $q) (local.get $s2)))
          (local.set $t2 (f32x4.relaxed_madd (local.get $y) (local.get $q) (local.get $t2)))
          (local.set $q (v128.load (i32.add (local.get $a3) (local.get $at))))
          (local.set $s3 (f32x4.relaxed_madd (local.get $x) (local.get $q) (local.get $s3)))
          (local.set $t3 (f32x4.relaxed_madd (local.get $y) (local.get $q) (local.get $t3)))
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

  ;; `codeScores`: one instruction multiplies sixteen pairs and adds them up in twos. It may differ between machines only where the query's numbers
  ;; leave 0 to 127, which they never do, so that both ways give the very same scores.
  (func (export "codeScores")
    (param $query i32) (param $queryLead i32) (param $queryScale f32) (param $codes i32) (param $rowBytes i32) (param $count i32)
    (param $groups i32) (param $out i32)
    (local $q i32) (local $end i32)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128) (local $x v128) (local $ones v128)
    (local $scale v128) (local $lead0 v128) (local $lead1 v128) (local $lead2 v128) (local $lead3 v128)
    (local.set $end (i32.add (local.get $query) (local.get $rowBytes)))
    (local.set $scale (f32x4.splat (local.get $queryScale)))
    (local.set $lead0 (v128.load32_splat (local.get $queryLead)))
    (local.set $lead1 (v128.load32_splat offset=4 (local.get $queryLead)))
    (local.set $lead2 (v128.load32_splat offset=8 (local.get $queryLead)))
    (local.set $lead3 (v128.load32_splat offset=12 (local.get $queryLead)))
    (local.set $ones (v128.const i16x8 1 1 1 1 1 1 1 1))
    (loop $rows
      ;; One row after the other, so that memory is read straight on.
      (local.set $a (v128.const i32x4 0 0 0 0))
      (local.set $q (local.get $query))
      (loop $part
        (local.set $a
          (i32x4.add
            (local.get $a)
            (i32x4.dot_i16x8_s (i16x8.relaxed_dot_i8x16_i7x16_s (v128.load (local.get $codes)) (v128.load (local.get $q))) (local.get $ones))))
        (local.set $a
          (i32x4.add
            (local.get $a)
            (i32x4.dot_i16x8_s
              (i16x8.relaxed_dot_i8x16_i7x16_s (v128.load offset=16 (local.get $codes)) (v128.load offset=16 (local.get $q)))
              (local.get $ones))))
        (local.set $codes (i32.add (local.get $codes) (i32.const 32)))
        (br_if $part (i32.lt_u (local.tee $q (i32.add (local.get $q) (i32.const 32))) (local.get $end))))
      (local.set $b (v128.const i32x4 0 0 0 0))
      (local.set $q (local.get $query))
      (loop $part
        (local.set $b
          (i32x4.add
            (local.get $b)
            (i32x4.dot_i16x8_s (i16x8.relaxed_dot_i8x16_i7x16_s (v128.load (local.get $codes)) (v128.load (local.get $q))) (local.get $ones))))
        (local.set $b
          (i32x4.add
            (local.get $b)
            (i32x4.dot_i16x8_s
              (i16x8.relaxed_dot_i8x16_i7x16_s (v128.load offset=16 (local.get $codes)) (v128.load offset=16 (local.get $q)))
              (local.get $ones))))
        (local.set $codes (i32.add (local.get $codes) (i32.const 32)))
        (br_if $part (i32.lt_u (local.tee $q (i32.add (local.get $q) (i32.const 32))) (local.get $end))))
      (local.set $c (v128.const i32x4 0 0 0 0))
      (local.set $q (local.get $query))
      (loop $part
        (local.set $c
          (i32x4.add
            (local.get $c)
            (i32x4.dot_i16x8_s (i16x8.relaxed_dot_i8x16_i7x16_s (v128.load (local.get $codes)) (v128.load (local.get $q))) (local.get $ones))))
        (local.set $c
          (i32x4.add
            (local.get $c)
            (i32x4.dot_i16x8_s
              (i16x8.relaxed_dot_i8x16_i7x16_s (v128.load offset=16 (local.get $codes)) (v128.load offset=16 (local.get $q)))
              (local.get $ones))))
        (local.set $codes (i32.add (local.get $codes) (i32.const 32)))
        (br_if $part (i32.lt_u (local.tee $q (i32.add (local.get $q) (i32.const 32))) (local.get $end))))
      (local.set $d (v128.const i32x4 0 0 0 0))
      (local.set $q (local.get $query))
      (loop $part
        (local.set $d
          (i32x4.add
            (local.get $d)
            (i32x4.dot_i16x8_s (i16x8.relaxed_dot_i8x16_i7x16_s (v128.load (local.get $codes)) (v128.load (local.get $q))) (local.get $ones))))
        (local.set $d
          (i32x4.add
            (local.get $d)
            (i32x4.dot_i16x8_s
              (i16x8.relaxed_dot_i8x16_i7x16_s (v128.load offset=16 (local.get $codes)) (v128.load offset=16 (local.get $q)))
              (local.get $ones))))
        (local.set $codes (i32.add (local.get $codes) (i32.const 32)))
        (br_if $part (i32.lt_u (local.tee $q (i32.add (local.get $q) (i32.const 32))) (local.get $end))))
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
      (br_if $rows (i32.gt_s (local.tee $count (i32.sub (local.get $count) (i32.const 4))) (i32.const 0))))))
