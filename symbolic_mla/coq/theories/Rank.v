(* Rank of a matrix indexed by finite types, over a field: one lemma for each rule of the kernel, each about
   matrices that are known entry by entry; and the way back to MathComp's own 'M_(m, n). *)
From Coq Require Import Lia.
From mathcomp Require Import all_ssreflect all_algebra.
From SymbolicMLA Require Import Network.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Lemma above l n : (l < n)%N -> exists k, n = (k + l.+1)%N.
Proof. by move=> h; exists (n - l.+1)%N; rewrite subnK. Qed.

Section Sums.
Variable R : comRingType.
Lemma sum_pair (I J : finType) (f : I [x] J -> R) : \sum_p f p = \sum_i \sum_j f (i, j).
Proof. by rewrite pair_bigA; apply: eq_bigr => -[]. Qed.
Lemma sum_sum (I J : finType) (f : I [+] J -> R) : \sum_p f p = \sum_i f (inl i) + \sum_j f (inr j).
Proof. by rewrite big_sumType. Qed.
Lemma sum_one (f : one -> R) : \sum_p f p = f tt.
Proof. by rewrite (big_pred1 tt) // => -[]. Qed.
End Sums.
(* a sum over a structured type is the nested sum over its parts *)
Ltac nested :=
  first [ reflexivity
        | rewrite [RHS]sum_pair; nested | rewrite [RHS]sum_sum; nested | rewrite [RHS]sum_one; nested
        | congr (_ + _); nested | apply: eq_bigr => ? _; nested
        | under [RHS]eq_bigr do rewrite ?(sum_pair, sum_sum, sum_one) /=; rewrite ?big_split /=; nested ].
(* the same with the structured sum on either side *)
Ltac nested_sides := first [ nested | symmetry; nested ].
Ltac by_entries := intros; cbv beta; cases; nested.
Ltac by_deltas := intros; cbv beta; cases; rewrite ?xpair_eqE -?mulnb ?natrM; reflexivity.
Ltac by_linear := intros; cbv beta; cases; rewrite /= ?big_cons ?big_nil /= ?(mul1r, mulN1r, addr0) ?mulrN1; reflexivity.
(* equals for equals inside a term *)
Ltac by_congruence h :=
  cbv beta iota;
  first [ reflexivity | apply: h | apply: eq_bigr => ? _; by_congruence h
        | apply: (f_equal2 (@GRing.add _)); by_congruence h | apply: (f_equal2 (@GRing.mul _)); by_congruence h
        | apply: (f_equal (@GRing.opp _)); by_congruence h
        | match goal with |- fun_of_fin (?g _) ?i = _ => congr (fun_of_fin (g _) i) end;
          apply/ffunP => ?; rewrite !ffunE; cases; by_congruence h ].
Ltac sizes := rewrite ?(card_prod, card_sum, card_ord, card_unit).
Ltac by_order := repeat match goal with |- context [if (leq (S ?a) ?b) then _ else _] => case: (ltnP a b); move=> ? end.
Ltac arith :=
  sizes; intros;
  repeat match goal with H : is_true (leq _ _) |- _ => apply (elimT leP) in H end;
  try apply/leP; unfold addn, muln, addn_rec, muln_rec in *; first [ lia | nia ].

Lemma rank_lin (F : fieldType) m n (c : F) (X Y Z : 'M[F]_(m, n)) :
  (forall i j, Z i j = c * X i j + Y i j) -> (\rank Z <= \rank X + \rank Y)%N.
Proof.
move=> e; have -> : Z = c *: X + Y by apply/matrixP => i j; rewrite !mxE e.
by apply: leq_trans (mxrank_add _ _) _; rewrite leq_add2r mxrank_scale.
Qed.

Section Rank.
Variable F : fieldType.
Local Notation R := (GRing.Field.comRingType F).
Implicit Types I J K L : finType.
Definition mx I J (A : I -> J -> R) : 'M[F]_(#|I|, #|J|) := \matrix_(i, j) A (enum_val i) (enum_val j).
Definition rk I J (A : I -> J -> R) : nat := \rank (mx A).

Lemma rk_ext I J (A B : I -> J -> R) : (forall i j, A i j = B i j) -> rk A = rk B.
Proof.
move=> e; have E : mx A = mx B by apply/matrixP => i j; rewrite !mxE e.
by rewrite /rk E.
Qed.
Lemma rk_row I J (A : I -> J -> R) : (rk A <= #|I|)%N. Proof. exact: rank_leq_row. Qed.
Lemma rk_col I J (A : I -> J -> R) : (rk A <= #|J|)%N. Proof. exact: rank_leq_col. Qed.
Lemma mx_mul I J K (A : I -> J -> R) (B : J -> K -> R) C :
  (forall i k, C i k = \sum_j A i j * B j k) -> mx C = mx A *m mx B.
Proof.
move=> e; apply/matrixP => i k; rewrite !mxE e (reindex (@enum_val _ J)) /=; last first.
  by exists enum_rank => j _; rewrite ?enum_valK ?enum_rankK.
by apply: eq_bigr => j _; rewrite !mxE.
Qed.
Lemma rk_mul_l I J K (A : I -> J -> R) (B : J -> K -> R) C :
  (forall i k, C i k = \sum_j A i j * B j k) -> (rk C <= rk A)%N.
Proof. by move=> e; rewrite /rk (mx_mul e) mxrankM_maxl. Qed.
Lemma rk_mul_r I J K (A : I -> J -> R) (B : J -> K -> R) C :
  (forall i k, C i k = \sum_j A i j * B j k) -> (rk C <= rk B)%N.
Proof. by move=> e; rewrite /rk (mx_mul e) mxrankM_maxr. Qed.
Definition rksum I J (s : seq (R * (I -> J -> R))) : nat := foldr (fun t n => (rk t.2 + n)%N) 0%N s.
Lemma rk_sum I J (s : seq (R * (I -> J -> R))) C :
  (forall i j, C i j = \sum_(t <- s) t.1 * t.2 i j) -> (rk C <= rksum s)%N.
Proof.
elim: s C => [|[c A] s IH] C e.
  have E : mx C = 0 by apply/matrixP => i j; rewrite !mxE e big_nil.
  by rewrite /rk E mxrank0.
pose S i j : R := \sum_(t <- s) t.1 * t.2 i j.
have h : (rk C <= rk A + rk S)%N.
  by apply: (@rank_lin F _ _ c (mx A) (mx S)) => i j; rewrite !mxE e big_cons.
by apply: leq_trans h _; rewrite /= leq_add2l IH.
Qed.
Lemma rk_id I (C : I -> I -> R) : (forall i j, C i j = (i == j)%:R) -> rk C = #|I|.
Proof.
move=> e; have E : mx C = 1%:M by apply/matrixP => i j; rewrite !mxE e (inj_eq enum_val_inj).
by rewrite /rk E mxrank1.
Qed.
Lemma rk_zero I J (A : I -> J -> R) : (rk A <= 0)%N -> forall i j, A i j = 0.
Proof.
rewrite leqn0 mxrank_eq0 => /eqP e i j.
by have := congr1 (fun M : 'M_(_, _) => M (enum_rank i) (enum_rank j)) e; rewrite !mxE !enum_rankK.
Qed.
Lemma rk_sylvester I J K (A : I -> J -> R) (B : J -> K -> R) C :
  (forall i k, C i k = \sum_j A i j * B j k) -> (rk A + rk B <= rk C + #|J|)%N.
Proof. by move=> e; rewrite /rk (mx_mul e) [X in (_ <= X)%N]addnC -leq_subLR mxrank_mul_min. Qed.
Lemma rk_frobenius I J K L (A : I -> J -> R) (B : J -> K -> R) (C : K -> L -> R) AB BC ABC :
  (forall i k, AB i k = \sum_j A i j * B j k) -> (forall i k, BC i k = \sum_j B i j * C j k) ->
  (forall i k, ABC i k = \sum_j AB i j * C j k) -> (rk AB + rk BC <= rk B + rk ABC)%N.
Proof. by move=> e1 e2 e3; rewrite /rk (mx_mul e3) (mx_mul e1) (mx_mul e2) mxrank_Frobenius. Qed.

(* a matrix of rank at most #|M| factors through M, and conversely *)
Lemma fact_of_rk I J (M : finType) (A : I -> J -> R) : (rk A <= #|M|)%N ->
  exists (U : I -> M -> R) (V : M -> J -> R), forall i j, A i j = \sum_m U i m * V m j.
Proof.
move=> h; pose V := pid_mx (rk A) *m row_ebase (mx A) : 'M_(#|M|, #|J|).
pose U := col_ebase (mx A) *m pid_mx (rk A) : 'M_(#|I|, #|M|).
have e : mx A = U *m V.
  by rewrite /U /V mulmxA -(mulmxA (col_ebase _)) pid_mx_id // mulmx_ebase.
exists (fun i m => U (enum_rank i) (enum_rank m)), (fun m j => V (enum_rank m) (enum_rank j)) => i j.
have := congr1 (fun X : 'M_(_, _) => X (enum_rank i) (enum_rank j)) e; rewrite !mxE !enum_rankK => ->.
rewrite (reindex (@enum_rank M)) //=.
by exists (@enum_val _ M) => m _; rewrite ?enum_valK ?enum_rankK.
Qed.
Lemma rk_of_fact I J (M : finType) (A : I -> J -> R) (U : I -> M -> R) (V : M -> J -> R) :
  (forall i j, A i j = \sum_m U i m * V m j) -> (rk A <= #|M|)%N.
Proof. by move=> e; apply: leq_trans (rk_mul_l e) (rk_col _). Qed.

(* ---- the way back: a matrix of MathComp, read by row-major coordinates, has its own rank ---- *)
Lemma rk_le_reindex I J I' J' (f : I' -> I) (g : J' -> J) (A : I -> J -> R) :
  (rk (fun i j => A (f i) (g j)) <= rk A)%N.
Proof.
have e1 i j : A (f i) (g j) = \sum_k (f i == k)%:R * A k (g j).
  by rewrite (bigD1 (f i)) //= eqxx mul1r big1 ?addr0 // => k; rewrite eq_sym => /negbTE ->; rewrite mul0r.
have e2 i j : A i (g j) = \sum_k A i k * (k == g j)%:R.
  by rewrite (bigD1 (g j)) //= eqxx mulr1 big1 ?addr0 // => k /negbTE ->; rewrite mulr0.
exact: leq_trans (rk_mul_r e1) (rk_mul_l e2).
Qed.
Lemma rk_bij I J I' J' (f : I' -> I) (g : J' -> J) (A : I -> J -> R) : bijective f -> bijective g ->
  rk (fun i j => A (f i) (g j)) = rk A.
Proof.
case=> f' fK f'K [g' gK g'K]; apply/eqP; rewrite eqn_leq rk_le_reindex /=.
rewrite -[X in (X <= _)%N](rk_ext (A := fun i j => A (f (f' i)) (g (g' j)))); last by move=> i j; rewrite f'K g'K.
exact: (rk_le_reindex f' g' (fun i j => A (f i) (g j))).
Qed.
(* ---- Kronecker products: f and g say where a pair of indices stands in the product axis ---- *)
Lemma rk_inverse I J (A : I -> J -> R) : exists (L : ord (rk A) -> I -> R) (S : J -> ord (rk A) -> R),
  forall m k, \sum_i L m i * (\sum_j A i j * S j k) = (m == k)%:R.
Proof.
pose r := rk A; pose L : 'M[F]_(r, #|I|) := pid_mx r *m invmx (col_ebase (mx A)).
pose S : 'M[F]_(#|J|, r) := invmx (row_ebase (mx A)) *m pid_mx r.
have e : L *m (mx A *m S) = 1%:M.
  rewrite /L /S -[X in _ *m (X *m _)]mulmx_ebase !mulmxA mulmxKV ?col_ebase_unit // -/(rk A) -/r.
  rewrite mulmxK ?row_ebase_unit // pid_mx_id ?rank_leq_row // pid_mx_id ?rank_leq_col //.
  by rewrite pid_mx_1.
exists (fun m i => L m (enum_rank i)), (fun j k => S (enum_rank j) k) => m k.
have := congr1 (fun X : 'M_(_, _) => X m k) e; rewrite !mxE => <-.
rewrite (reindex (@enum_val _ I)) /=; last by exists enum_rank => i _; rewrite ?enum_valK ?enum_rankK.
apply: eq_bigr => i _; rewrite enum_valK; congr (_ * _); rewrite !mxE.
rewrite (reindex (@enum_val _ J)) /=; last by exists enum_rank => j _; rewrite ?enum_valK ?enum_rankK.
by apply: eq_bigr => j _; rewrite enum_valK !mxE.
Qed.
Lemma rk_pairs I J K L (A : I -> K -> R) (B : J -> L -> R) :
  rk (fun (p : I [x] J) (q : K [x] L) => A p.1 q.1 * B p.2 q.2) = (rk A * rk B)%N.
Proof.
set C := (fun (p : I [x] J) (q : K [x] L) => _); apply/eqP; rewrite eqn_leq; apply/andP; split.
  have [|U [V e]] := @fact_of_rk _ _ (ord (rk A)) A; first by rewrite card_ord.
  have [|U' [V' e']] := @fact_of_rk _ _ (ord (rk B)) B; first by rewrite card_ord.
  have h := @rk_of_fact _ _ (ord (rk A) [x] ord (rk B)) C
    (fun p m => U p.1 m.1 * U' p.2 m.2) (fun m q => V m.1 q.1 * V' m.2 q.2).
  rewrite card_prod !card_ord in h; apply: h => p q; rewrite /C e e' sum_pair mulr_suml.
  by apply: eq_bigr => m _; rewrite mulr_sumr; apply: eq_bigr => k _; rewrite mulrACA.
have [X [Y e]] := rk_inverse A; have [X' [Y' e']] := rk_inverse B.
pose M := ord (rk A) [x] ord (rk B).
pose CY (p : I [x] J) (m : M) : R := (\sum_k A p.1 k * Y k m.1) * (\sum_l B p.2 l * Y' l m.2).
pose D (m k : M) : R := (m == k)%:R.
have <- : rk D = (rk A * rk B)%N by rewrite (@rk_id _ D) // card_prod !card_ord.
have h1 : (rk D <= rk CY)%N.
  apply: (@rk_mul_r _ _ _ (fun (m : M) (p : I [x] J) => X m.1 p.1 * X' m.2 p.2)) => -[m m'] [k k'].
  rewrite /D /CY xpair_eqE -mulnb natrM -e -e' sum_pair /= mulr_suml.
  by apply: eq_bigr => i _; rewrite mulr_sumr; apply: eq_bigr => j _; rewrite mulrACA.
apply: leq_trans h1 _.
apply: (@rk_mul_l _ _ _ _ (fun (q : K [x] L) (m : M) => Y q.1 m.1 * Y' q.2 m.2)) => p m.
rewrite /CY /C sum_pair mulr_suml /=.
by apply: eq_bigr => k _; rewrite mulr_sumr; apply: eq_bigr => l _; rewrite mulrACA.
Qed.
Lemma rk_kron I J (P : finType) K L (Q : finType) (f : I -> J -> P) (f' : P -> I [x] J) (g : K -> L -> Q) (g' : Q -> K [x] L)
  (A : I -> K -> R) (B : J -> L -> R) C :
  (forall p, f (f' p).1 (f' p).2 = p) -> (forall q, g (g' q).1 (g' q).2 = q) ->
  (forall i j k l, C (f i j) (g k l) = A i k * B j l) -> rk C = (rk A * rk B)%N.
Proof.
move=> fK gK e; rewrite -rk_pairs; apply/eqP; rewrite eqn_leq; apply/andP; split.
  rewrite (rk_ext (B := fun p q => A (f' p).1 (g' q).1 * B (f' p).2 (g' q).2)).
    exact: (rk_le_reindex f' g' (fun p q => A p.1 q.1 * B p.2 q.2)).
  by move=> p q; rewrite -e fK gK.
apply: leq_trans (rk_le_reindex (fun p => f p.1 p.2) (fun q => g q.1 q.2) C).
by rewrite (rk_ext (B := fun p q => C (f p.1 p.2) (g q.1 q.2))) // => -[i j] [k l] /=; rewrite e.
Qed.
Lemma rk_ord m n (A : 'M[F]_(m, n)) : rk (fun (i : ord m) (j : ord n) => A i j) = \rank A.
Proof.
set f := (fun (i : ord m) (j : ord n) => A i j); apply/eqP; rewrite eqn_leq; apply/andP; split.
  have h := @rk_of_fact _ _ (ord (\rank A)) f (fun i k => col_base A i k) (fun k j => row_base A k j).
  by rewrite card_ord in h; apply: h => i j; rewrite /f -[in LHS](mulmx_base A) mxE.
have [|U [V e]] := @fact_of_rk _ _ (ord (rk f)) f; first by rewrite card_ord.
pose X : 'M[F]_(m, rk f) := \matrix_(i, k) U i k; pose Y : 'M[F]_(rk f, n) := \matrix_(k, j) V k j.
have E : A = X *m Y.
  apply/matrixP => i j; rewrite mxE -[LHS]/(f i j) e.
  by apply: eq_bigr => k _; rewrite !mxE.
by rewrite {1}E; apply: leq_trans (mxrankM_maxl _ _) (rank_leq_col _).
Qed.
End Rank.

Section Real.
Variable F : realFieldType.
Local Notation R := (GRing.Field.comRingType F).
Lemma gram0 n (v : 'rV[F]_n) : v *m v^T = 0 -> v = 0.
Proof.
move=> /matrixP /(_ 0 0); rewrite !mxE => /eqP.
rewrite psumr_eq0 => [/allP v0|j _]; last by rewrite mxE -expr2 sqr_ge0.
apply/rowP=> j; have /= := v0 j (mem_index_enum j).
by rewrite !mxE -expr2 sqrf_eq0 => /eqP.
Qed.
Lemma rank_gram m n (W : 'M[F]_(m, n)) : \rank (W *m W^T) = \rank W.
Proof.
have sub : (kermx (W *m W^T) <= kermx W)%MS.
  apply/row_subP=> i; apply/sub_kermxP; apply: gram0.
  set v := row i _; have /sub_kermxP : (v <= kermx (W *m W^T))%MS by apply: row_sub.
  by move=> vz; rewrite trmx_mul !mulmxA -(mulmxA v) vz mul0mx.
apply/eqP; rewrite eqn_leq mxrankM_maxl /=.
by have := leq_sub2l m (mxrankS sub); rewrite !mxrank_ker !subKn ?rank_leq_row.
Qed.
Lemma rk_gram (I J : finType) (A : I -> J -> R) (C : J -> J -> R) :
  (forall i k, C i k = \sum_j A j i * A j k) -> rk C = rk A.
Proof.
move=> e; have E : mx C = (mx A)^T *m ((mx A)^T)^T.
  rewrite trmxK (mx_mul (A := fun j i => A i j) e); congr (_ *m _).
  by apply/matrixP => i j; rewrite !mxE.
by rewrite /rk E rank_gram mxrank_tr.
Qed.
End Real.
