(* At an instance sizes are numbers and entries are rational, and everything can be computed: a statement is turned
   into a boolean, sums over ordinals into sums over lists, and Coq's virtual machine does the rest. *)
From mathcomp Require Import all_ssreflect all_algebra.
From SymbolicMLA Require Import Network Rank.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Import GRing.Theory.
Local Open Scope ring_scope.

(* a function given by a table: what the first row that is equal gives *)
Fixpoint look (R : eqType) (table : seq (seq R * seq R)) (row : seq R) : seq R :=
  if table is t :: rest then if row == t.1 then t.2 else look rest row else [::].

Lemma rk_exact (F : fieldType) (I J K : finType) (A : I -> J -> GRing.Field.comRingType F)
  (U : I -> K -> GRing.Field.comRingType F) (V : K -> J -> GRing.Field.comRingType F)
  (L : K -> I -> GRing.Field.comRingType F) (S : J -> K -> GRing.Field.comRingType F) :
  (forall i j, A i j = \sum_k U i k * V k j) ->
  (forall k l, \sum_i L k i * (\sum_j A i j * S j l) = (k == l)%:R) -> rk A = #|K|.
Proof.
move=> e f; apply/eqP; rewrite eqn_leq (rk_of_fact e) /=.
pose AS i l := \sum_j A i j * S j l; pose D (k l : K) : GRing.Field.comRingType F := (k == l)%:R.
rewrite -(@rk_id F K D) //.
exact: leq_trans (@rk_mul_r _ _ _ _ L AS D (fun k l => esym (f k l))) (@rk_mul_l _ _ _ _ A S AS (fun _ _ => erefl)).
Qed.

Section Computing.
Variable R : comRingType.
Fixpoint list_sum k : (ord k -> R) -> R :=
  if k is k'.+1 then fun F => F ord0 + list_sum (fun i => F (lift ord0 i)) else fun _ => 0.
Fixpoint list_all k : (ord k -> bool) -> bool :=
  if k is k'.+1 then fun b => b ord0 && list_all (fun i => b (lift ord0 i)) else fun _ => true.

(* the value of a sum *)
Lemma value_ord k (F G : ord k -> R) : (forall i, F i = G i) -> \sum_i F i = list_sum G.
Proof.
elim: k F G => [|k IH] F G e; first by rewrite big_ord0.
by rewrite big_ord_recl /= e; congr (_ + _); apply: IH => i; apply: e.
Qed.
Lemma value_pair I J (F : I [x] J -> R) x : \sum_i \sum_j F (i, j) = x -> \sum_p F p = x.
Proof. by rewrite sum_pair. Qed.
Lemma value_sum I J (F : I [+] J -> R) x : \sum_i F (inl i) + \sum_j F (inr j) = x -> \sum_p F p = x.
Proof. by rewrite sum_sum. Qed.
Lemma value_one (F : one -> R) x : F tt = x -> \sum_p F p = x.
Proof. by rewrite sum_one. Qed.

(* a boolean that decides a statement *)
Definition decides (b : bool) (P : Prop) := b -> P.
Lemma decided b P : decides b P -> b = true -> P. Proof. by move=> h e; apply: h; rewrite e. Qed.
Lemma decides_ord k b (P : ord k -> Prop) : (forall i, decides (b i) (P i)) -> decides (list_all b) (forall i, P i).
Proof.
elim: k b P => [|k IH] b P h /=; first by move=> _ [].
case/andP=> b0 /(IH _ (fun i => P (lift ord0 i)) (fun i => h (lift ord0 i))) rest i.
by case: (unliftP ord0 i) => [j|] ->; [apply: rest | apply: h b0].
Qed.
Lemma decides_pair I J b (P : I [x] J -> Prop) : decides b (forall i j, P (i, j)) -> decides b (forall p, P p).
Proof. by move=> h /h all [i j]. Qed.
Lemma decides_sum I J b c (P : I [+] J -> Prop) :
  decides b (forall i, P (inl i)) -> decides c (forall j, P (inr j)) -> decides (b && c) (forall p, P p).
Proof. by move=> h k /andP[/h ? /k ?] []. Qed.
Lemma decides_one b (P : one -> Prop) : decides b (P tt) -> decides b (forall p, P p).
Proof. by move=> h /h ? []. Qed.
Lemma decides_equal (a b x y : R) : a = x -> b = y -> decides (x == y) (a = b).
Proof. by move=> -> -> /eqP. Qed.
Lemma different (a b x y : R) : a = b -> a = x -> b = y -> (x == y) = false -> False.
Proof. by move=> -> -> -> /eqP. Qed.
End Computing.

(* closes a = ?x, where x computes *)
Ltac value :=
  cbv beta iota zeta;
  lazymatch goal with
  | |- @GRing.add _ _ _ = _ => eapply (f_equal2 (@GRing.add _)); [value | value]
  | |- @GRing.mul _ _ _ = _ => eapply (f_equal2 (@GRing.mul _)); [value | value]
  | |- @GRing.opp _ _ = _ => eapply (f_equal (@GRing.opp _)); value
  | |- BigOp.bigop _ (index_enum (prod_finType _ _)) _ = _ => eapply value_pair; value
  | |- BigOp.bigop _ (index_enum (sum_finType _ _)) _ = _ => eapply value_sum; value
  | |- BigOp.bigop _ (index_enum unit_finType) _ = _ => eapply value_one; value
  | |- BigOp.bigop _ (index_enum (ordinal_finType _)) _ = _ => eapply value_ord; intro; value
  | |- @GRing.natmul _ _ (nat_of_bool _) = _ => reflexivity
  | |- @GRing.natmul _ _ _ = _ => sizes; reflexivity
  | |- fun_of_fin _ _ = _ => rewrite ffunE; value
  | |- nth ?d (look ?t _) ?k = _ => eapply (f_equal (fun l => nth d (look t l) k)); value
  | |- cons _ _ = _ => eapply (f_equal2 cons); [value | value]
  | |- _ => reflexivity
  end.
(* closes decides ?b P, where b computes *)
Ltac decision :=
  cbv beta iota;
  lazymatch goal with
  | |- decides _ (forall _ : Finite.sort (prod_finType _ _), _) => eapply decides_pair; decision
  | |- decides _ (forall _ : Finite.sort (sum_finType _ _), _) => eapply decides_sum; [decision | decision]
  | |- decides _ (forall _ : Finite.sort unit_finType, _) => eapply decides_one; decision
  | |- decides _ (forall _ : Finite.sort (ordinal_finType _), _) => eapply decides_ord; intro; decision
  | |- decides _ (_ = _) => eapply decides_equal; [value | value]
  end.
Ltac by_values := eapply decided; [decision | vm_cast_no_check (erefl true)].
Ltac by_difference :=
  let h := fresh in intro h; eapply (different h); [value | value | vm_cast_no_check (erefl false)].
