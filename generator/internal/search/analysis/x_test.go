package analysis
import ("testing";"fmt")
func TestX(t *testing.T){
 a:=For("fr")
 for _,s:=range []string{"L’immunité aux lois, L. 121-1 et l 121-1 L121-1 L.121-1","règlement (UE) 2024/1689 loi n° 2024-449 10 000 12 345 678 19,6 19.6","SecNumCloud 3.2 sous-traitants d’Val-d'Oise aujourd'hui qu’aujourd’hui jusqu’où quelqu'un presqu'île","S3NS OVHcloud PaaS C5 J0 client·e·s été clé œuvre Noël c'est-à-dire CVE-2024-1234","cloud secnumclou l 121-1-"} {
  for _,f:=range []func(string)[]Token{a.Index,a.Query,a.Prefix}{ for _,t:=range f(s){fmt.Printf("%s@%d[%s] ",t.Term,t.Position,s[t.Start:t.End])};fmt.Println()}
 }
}
